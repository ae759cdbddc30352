import {
  type Chain,
  decode,
  decodeSubmission,
  encode,
  equalBytes,
  fromBase64,
  fromHex,
  type Hasher,
  type Opening,
  openingCodec,
  toBase64,
  toHex,
} from '@qifeng/core';
import type { Item, Target } from './item.ts';

/** How a submission ended, as the journal remembers it. */
export type Settled = 'final' | 'refused' | 'expired' | 'other-chain';

/** A signed submission: its id, wire bytes, and the items in order of its entries. */
export interface Signed {
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
  readonly publisher: string;
  /** Hash of the genesis it was signed for. */
  readonly genesis: Uint8Array;
  readonly expires: number;
  readonly items: readonly Item[];
}

/** The line that goes to the journal before a submission is sent. */
export function signedLine({ id, bytes, items }: Pick<Signed, 'id' | 'bytes' | 'items'>): string {
  const targets = items.map(item => item.targets.map(({ file, receipt }) => [file, receipt]));
  const openings = items.map(({ opening }) => opening && toBase64(encode(openingCodec, opening)));
  const sealed = openings.some(opening => opening !== null) && { openings };
  return `${JSON.stringify({ v: 1, signed: toHex(id), bytes: toBase64(bytes), targets, ...sealed })}\n`;
}

/** The line that says how it ended. */
export function settledLine(id: Uint8Array, as: Settled): string {
  return `${JSON.stringify({ v: 1, settled: toHex(id), as })}\n`;
}

/** What the lines of a journal leave open, and how many lines say nothing: torn by a crash, or damaged. */
export interface Replay {
  readonly open: readonly Signed[];
  readonly unreadable: number;
}

/** Reads a journal line by line. */
export class JournalReader {
  readonly #hasher: Hasher;
  readonly #open = new Map<string, Signed>();
  #unreadable = 0;

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  /**
   * Takes the next line, without its newline. One that is no line of ours is counted and passed over: what it announced was
   * not sent before it was whole on the disk.
   */
  add(line: string): void {
    if (line === '') return;
    const value = parse(line);
    const settled = value?.['settled'];
    if (typeof settled === 'string') {
      this.#open.delete(settled);
      return;
    }
    const signed = value && signedOf(value, this.#hasher);
    if (signed === null) this.#unreadable++;
    else this.#open.set(toHex(signed.id), signed);
  }

  result(): Replay {
    return { open: [...this.#open.values()], unreadable: this.#unreadable };
  }
}

/** True iff a submission was signed for this chain. */
export function isOfChain({ genesis }: Signed, chain: Chain): boolean {
  return equalBytes(genesis, chain.hash);
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function signedOf(value: Record<string, unknown>, hasher: Hasher): Signed | null {
  const { v, signed, bytes, targets } = value;
  if (v !== 1 || typeof signed !== 'string' || typeof bytes !== 'string' || !isTargets(targets)) return null;
  const id = fromHex(signed);
  const wire = fromBase64(bytes);
  if (!id.ok || !wire.ok) return null;
  const submission = decodeSubmission(wire.value, hasher);
  if (!submission.ok || !equalBytes(submission.value.id, id.value)) return null;
  const { entries, entryBytes, header } = submission.value;
  const openings = openingsOf(value['openings'], entries.length);
  if (entries.length !== targets.length || openings === null) return null;
  return {
    id: id.value,
    bytes: wire.value,
    publisher: header.publisher,
    genesis: header.genesis,
    expires: header.expires,
    items: entries.map((entry, i) => ({
      entry,
      bytes: entryBytes[i]!,
      opening: openings[i]!,
      targets: targets[i]!.map(([file, receipt]): Target => ({ file, receipt })),
    })),
  };
}

/** An opening or null for each entry; a line without them has none. */
function openingsOf(value: unknown, count: number): readonly (Opening | null)[] | null {
  if (value === undefined) return Array<null>(count).fill(null);
  if (!Array.isArray(value) || value.length !== count) return null;
  const openings = value.map(text => {
    if (text === null) return null;
    const bytes = fromBase64(String(text));
    const opening = bytes.ok && decode(openingCodec, bytes.value);
    return opening !== false && opening.ok ? opening.value : undefined;
  });
  return openings.every(opening => opening !== undefined) ? openings : null;
}

function isTargets(value: unknown): value is [string | null, string][][] {
  const isTarget = (pair: unknown) =>
    Array.isArray(pair) && (pair[0] === null || typeof pair[0] === 'string') && typeof pair[1] === 'string';
  return Array.isArray(value) && value.every(item => Array.isArray(item) && item.every(isTarget));
}
