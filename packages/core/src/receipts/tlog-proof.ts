import { HASH_LENGTH } from '../crypto/hasher.ts';
import { fromBase64, toBase64 } from '../encoding/base64.ts';
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
  let at = 0;
  let number = 0;
  /** The next line without its newline, null at the end. U+FFFD stands for bad UTF-8: no head line holds it. */
  const next = (): string | null => {
    number++;
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) return null;
    const line = fromUtf8(bytes.subarray(at, end));
    at = end + 1;
    return line.ok ? line.value : '\ufffd';
  };
  const bad = (code: string, detail: string) => refuse(code, `line ${number}: ${detail}`);
  const truncated = () => bad('proof-truncated', 'the proof ends before its checkpoint');

  const header = next();
  if (header !== TLOG_PROOF_HEADER) return bad('proof-header', `the first line is not ${TLOG_PROOF_HEADER}`);
  let line = next();
  if (line === null) return truncated();
  let extra: Uint8Array | null = null;
  if (line.startsWith('extra ')) {
    const decoded = fromBase64(line.slice(6));
    if (!decoded.ok) return bad('proof-extra', `the extra data: ${decoded.fault.detail}`);
    if (decoded.value.length === 0) return bad('proof-extra', 'an extra line without data');
    extra = decoded.value;
    line = next();
    if (line === null) return truncated();
  }
  const index = line.startsWith('index ') ? parseDecimal(line.slice(6)) : null;
  if (index === null)
    return bad('proof-index', 'not "index <number>" with a decimal number of at most 2^53 - 1');
  const path: Uint8Array[] = [];
  for (line = next(); line !== ''; line = next()) {
    if (line === null) return truncated();
    if (path.length === MAX_PATH_LENGTH)
      return bad('proof-path', `more than ${MAX_PATH_LENGTH} hashes in the path`);
    const hash = fromBase64(line);
    if (!hash.ok || hash.value.length !== HASH_LENGTH)
      return bad('proof-path', 'not a 32-byte hash in base64');
    path.push(hash.value);
  }
  if (at === bytes.length) {
    number++;
    return truncated();
  }
  return ok({ extra, index, path, note: bytes.slice(at) });
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
