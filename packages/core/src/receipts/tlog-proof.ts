import { HASH_LENGTH } from '../crypto/hasher.ts';
import { decodeBase64, toBase64 } from '../encoding/base64.ts';
import { concat } from '../encoding/bytes.ts';
import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import { fromUtf8, toUtf8 } from '../encoding/utf8.ts';
import { parseDecimal } from '../ledger/note.ts';

/** First line of a transparency-log proof (C2SP tlog-proof). */
export const TLOG_PROOF_HEADER = 'c2sp.org/tlog-proof@v1';
/** Most hashes in an inclusion path. */
export const MAX_PATH_LENGTH = 63;
/** Default largest proof in bytes. */
export const MAX_PROOF_BYTES = 16 << 20;

const NEWLINE = 0x0a;
const HEADER = toUtf8(TLOG_PROOF_HEADER);
const EXTRA = toUtf8('extra ');
const INDEX = toUtf8('index ');
/** Characters of a 32-byte hash in base64. */
const HASH_TEXT_LENGTH = 44;

/** An offline proof that an entry is in a log (C2SP tlog-proof). Nothing in it is verified yet. */
export interface TlogProof {
  /** Opaque and unauthenticated data, never empty; null without an extra line. */
  readonly extra: Uint8Array | null;
  /** Zero-based index of the entry. */
  readonly index: number;
  /** RFC 6962 inclusion path, 32-byte hashes from the leaf's sibling up. */
  readonly path: readonly Uint8Array[];
  /** The signed checkpoint, verbatim, for `parseNote`. */
  readonly note: Uint8Array;
}

/**
 * A proof from the bytes of its file; `formatTlogProof` gives back the same bytes. The note is split off and not
 * looked at. Faults, each with the line: `proof-too-large`, `proof-header`, `proof-extra`, `proof-index`,
 * `proof-path`, `proof-truncated` (the file ends before the checkpoint).
 */
export function parseTlogProof(bytes: Uint8Array, maxBytes = MAX_PROOF_BYTES): Result<TlogProof> {
  if (bytes.length > maxBytes) return refuse('proof-too-large', `a proof of more than ${maxBytes} bytes`);
  let start = 0;
  let end = -1;
  let number = 0;
  /** Goes on to the next line, `bytes[start, end)` without its newline; false at the end. */
  const next = (): boolean => {
    number++;
    start = end + 1;
    end = bytes.indexOf(NEWLINE, start);
    return end >= 0;
  };
  /** The same where an empty line or a hash is awaited, mostly without a search: a newline in a hash is no digit of it. */
  const nextHash = (): boolean => {
    const at = end + 1;
    const hashEnd = at + HASH_TEXT_LENGTH;
    if (bytes[at] !== NEWLINE && bytes[hashEnd] !== NEWLINE) return next();
    number++;
    start = at;
    end = bytes[at] === NEWLINE ? at : hashEnd;
    return true;
  };
  const bad = (code: string, detail: string) => refuse(code, `line ${number}: ${detail}`);
  const truncated = () => bad('proof-truncated', 'the proof ends before its checkpoint');

  const headed = next() && end === HEADER.length && startsWith(bytes, 0, HEADER);
  if (!headed) return bad('proof-header', `the first line is not ${TLOG_PROOF_HEADER}`);
  if (!next()) return truncated();
  let extra: Uint8Array | null = null;
  if (startsWith(bytes, start, EXTRA)) {
    const decoded = decodeBase64(bytes, start + EXTRA.length, end);
    if (typeof decoded === 'string') return bad('proof-extra', `the extra data: ${decoded}`);
    if (decoded.length === 0) return bad('proof-extra', 'an extra line without data');
    extra = decoded;
    if (!next()) return truncated();
  }
  const digits = startsWith(bytes, start, INDEX) ? fromUtf8(bytes.subarray(start + INDEX.length, end)) : null;
  const index = digits?.ok ? parseDecimal(digits.value) : null;
  if (index === null)
    return bad('proof-index', 'not "index <number>" with a decimal number of at most 2^53 - 1');
  const path: Uint8Array[] = [];
  for (;;) {
    if (!nextHash()) return truncated();
    if (start === end) break;
    if (path.length === MAX_PATH_LENGTH)
      return bad('proof-path', `more than ${MAX_PATH_LENGTH} hashes in the path`);
    const hash = decodeBase64(bytes, start, end);
    if (typeof hash === 'string' || hash.length !== HASH_LENGTH)
      return bad('proof-path', 'not a 32-byte hash in base64');
    path.push(hash);
  }
  if (end + 1 === bytes.length) {
    number++;
    return truncated();
  }
  return ok({ extra, index, path, note: bytes.subarray(end + 1) });
}

/** Whether `bytes` has `prefix` at `at`, in the same line: a prefix has no newline. */
function startsWith(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[at + i] !== prefix[i]) return false;
  return true;
}

/** The exact inverse of `parseTlogProof`. */
export function formatTlogProof(proof: TlogProof): Uint8Array {
  invariant(proof.extra === null || proof.extra.length > 0, 'extra data is absent or not empty');
  invariant(Number.isSafeInteger(proof.index) && proof.index >= 0, 'an index is a safe unsigned integer');
  invariant(proof.path.length <= MAX_PATH_LENGTH, 'a path has at most 63 hashes');
  invariant(
    proof.path.every(hash => hash.length === HASH_LENGTH),
    'a path is made of 32-byte hashes',
  );
  invariant(proof.note.length > 0, 'a proof carries a checkpoint');
  const lines = [TLOG_PROOF_HEADER];
  if (proof.extra !== null) lines.push(`extra ${toBase64(proof.extra)}`);
  lines.push(`index ${proof.index}`, ...proof.path.map(toBase64), '', '');
  return concat(toUtf8(lines.join('\n')), proof.note);
}

/** Number of the proof's line on which its note begins: `firstLine` for `parseNote` and `parseCheckpoint`. */
export function noteLineOf(proof: TlogProof): number {
  return (proof.extra === null ? 4 : 5) + proof.path.length;
}
