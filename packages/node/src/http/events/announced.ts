import {
  invariant,
  type RecordEvent,
  recordEvent,
  recordEventView,
  stateName,
  streamText,
  toUtf8,
  writeJson,
} from '@qifeng/core';
import type { LedgerReader } from '../../ports/ledger-store.ts';
import { leafAt, type SubjectPath } from '../state.ts';

/** Which records a reader asks for: those that meet all that is given. */
export interface EventFilter {
  readonly profile?: string | undefined;
  readonly publisher?: string | undefined;
  readonly subject?: SubjectPath | undefined;
}

/** A piece of a stream: the bytes of the records asked for among those from where it began up to `next`, not included. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly next: number;
}

/** The final records as they are announced, made once for all who read them. */
export interface Announced {
  /** A piece that begins at log index `from`, below `size`: bounded in records looked at and in bytes. */
  piece(from: number, size: number, filter: EventFilter): Piece;
}

/** Records looked at for one piece at most, and bytes after which it ends: about 2 ms of work (measured). */
const MOST_RECORDS = 64;
const MOST_BYTES = 16 * 1024;
/** Records whose bytes are kept, and their bytes: those that live readers all ask for at the same time. */
const MOST_KEPT = 1024;
const MOST_KEPT_BYTES = 2 * 1024 * 1024;

interface Made {
  readonly event: RecordEvent;
  readonly bytes: Uint8Array;
}

/** The announcements of a ledger. */
export function announcedOf(ledger: LedgerReader): Announced {
  const kept = new Map<number, Made>();
  let keptBytes = 0;

  const keep = (index: number, made: Made): void => {
    kept.set(index, made);
    keptBytes += made.bytes.length;
    for (const [oldest, { bytes }] of kept) {
      if (kept.size <= MOST_KEPT && keptBytes <= MOST_KEPT_BYTES) break;
      kept.delete(oldest);
      keptBytes -= bytes.length;
    }
  };
  const madeAt = (index: number): Made => {
    const known = kept.get(index);
    if (known !== undefined) return known;
    const leaf = leafAt(ledger, index);
    invariant(leaf !== null, `record ${index} is in the log`);
    const event = recordEvent(index, leaf);
    const data = writeJson(recordEventView, event);
    const made = { event, bytes: toUtf8(streamText({ id: String(index), data })) };
    keep(index, made);
    return made;
  };

  return {
    piece: (from, size, filter) => {
      const indexes = candidates(ledger, from, size, filter);
      const parts: Uint8Array[] = [];
      let [length, next] = [0, indexes.length < MOST_RECORDS ? size : indexes.at(-1)! + 1];
      for (const index of indexes) {
        const { event, bytes } = madeAt(index);
        if (!meets(event, filter)) continue;
        parts.push(bytes);
        length += bytes.length;
        if (length < MOST_BYTES) continue;
        next = index + 1;
        break;
      }
      return { bytes: Buffer.concat(parts), next };
    },
  };
}

/**
 * The next log indexes at which there may be something to tell; fewer than `MOST_RECORDS` are all below `size`. Far behind
 * the last record a list is asked, so that who follows one subject does not read the whole log.
 */
function candidates(
  ledger: LedgerReader,
  from: number,
  size: number,
  { publisher, subject }: EventFilter,
): readonly number[] {
  if (size - from > MOST_RECORDS && (subject ?? publisher) !== undefined) {
    const list = subject === undefined ? 'publisher' : 'subject';
    const name =
      subject === undefined
        ? stateName('publisher', publisher!)
        : stateName('subject', subject.profile, subject.issuer, subject.id);
    return ledger.list(list, name, from, MOST_RECORDS).filter(index => index < size);
  }
  return Array.from({ length: Math.min(MOST_RECORDS, size - from) }, (_, i) => from + i);
}

function meets(event: RecordEvent, { profile, publisher, subject }: EventFilter): boolean {
  if (profile !== undefined && event.profile !== profile) return false;
  if (publisher !== undefined && event.publisher !== publisher) return false;
  if (subject === undefined) return true;
  const { issuer, id } = event.subject;
  return event.profile === subject.profile && issuer === subject.issuer && id === subject.id;
}
