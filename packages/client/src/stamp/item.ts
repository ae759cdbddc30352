import { type Entry, encode, entryCodec, MAX_ENTRY_BYTES, type Opening } from '@qifeng/core';

/** Whom a record is for: a file, or no file where the action needs none, and where its receipt goes. Absolute paths. */
export interface Target {
  readonly file: string | null;
  readonly receipt: string;
}

/** One entry to record, with its canonical bytes; files of the same content share one. */
export interface Item {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  /** What opens a sealed entry: it is nowhere but here, in the journal and in the receipt. Null for one in the open. */
  readonly opening: Opening | null;
  readonly targets: readonly Target[];
}

/** An item from an entry. Throws RangeError with a sentence for a value that no entry can have. */
export function makeItem(entry: Entry, targets: readonly Target[], opening: Opening | null = null): Item {
  const bytes = encode(entryCodec, entry);
  if (bytes.length > MAX_ENTRY_BYTES)
    throw new RangeError(`the entry has ${bytes.length} bytes, limit ${MAX_ENTRY_BYTES}`);
  return { entry, bytes, opening, targets };
}

/** What an item is about, one text a subject: a submission holds at most one entry of it. */
export function subjectKey({ profile, subject }: Entry): string {
  return `${profile}\n${subject.issuer}\n${subject.id}`;
}
