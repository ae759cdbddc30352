import type { Suite } from '../crypto/suite.ts';
import type { Verifier } from '../crypto/verifier.ts';
import { equalBytes, toHex } from '../encoding/bytes.ts';
import { decode } from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { type Checkpoint, parseCheckpoint } from '../ledger/checkpoint.ts';
import { type Cosignature, cosignerName, verifyCosignature } from '../ledger/cosignature.ts';
import type { Chain, Validator } from '../ledger/genesis.ts';
import { type Note, type NoteSignature, parseNote } from '../ledger/note.ts';
import { quorum } from '../ledger/quorum.ts';
import {
  isBy,
  makeVerifierKey,
  TYPE_COSIGNATURE,
  TYPE_ED25519,
  type VerifierKey,
  verifyNoteSignature,
} from '../ledger/vkey.ts';
import { logHash } from '../merkle/log-hash.ts';
import { verifyInclusion } from '../merkle/log-verify.ts';
import type { Digest } from '../records/entry.ts';
import { type Leaf, leafCodec } from '../records/leaf.ts';
import { type SubmissionHeader, signedBytes, submissionHeaderCodec } from '../records/submission.ts';
import { parseReceipt, type Receipt } from './receipt.ts';
import { noteLineOf } from './tlog-proof.ts';

/** What `verifyReceipt` is given beside the receipt. */
export interface VerifyOptions {
  readonly chain: Chain;
  readonly suite: Suite;
  /** Digests of the file in hand, one an algorithm the caller could compute; null checks the receipt alone. */
  readonly digests: readonly Digest[] | null;
  /** Further signers a receipt may carry lines of, which must verify (`--witness-policy`); any other is refused. */
  readonly witnesses?: readonly VerifierKey[];
}

/** One cosignature that counted: a member and its time in seconds. */
export interface Cosigner {
  readonly code: string;
  readonly time: number;
}

/** What a receipt establishes. Times in ms. */
export interface VerifiedReceipt {
  readonly index: number;
  readonly leaf: Leaf;
  readonly header: SubmissionHeader;
  readonly checkpoint: Checkpoint;
  readonly cosigners: readonly Cosigner[];
  /** Block time of the record, accepted as timely by a quorum. */
  readonly recordedAt: number;
  /** Lower median of the cosignature times: at least one honest member had it by then. */
  readonly existedNoLaterThan: number;
}

/**
 * Verifies a receipt with the genesis alone: file → digest → entry → publisher's signature → leaf → log root → q
 * validators. Stricter than C2SP asks: exactly one log line and exactly q cosignatures in genesis order, and a line it
 * cannot attribute fails. Faults: those of the parsers and of `verifyInclusion`, and `wrong-chain`, `file-mismatch`, `bad-signature`,
 * `entry-mismatch`, `leaf-mismatch`, `root-mismatch`, `bad-log-line`, `bad-cosignature`, `no-quorum`,
 * `unknown-line`, `wrong-epoch`, `wrong-height`, `unknown-opening`.
 */
export function verifyReceipt(bytes: Uint8Array, options: VerifyOptions): Result<VerifiedReceipt> {
  const receipt = parseReceipt(bytes);
  if (!receipt.ok) return receipt;
  const record = verifyRecord(receipt.value, options);
  if (!record.ok) return record;
  if (receipt.value.extra.opening !== null) {
    return refuse('unknown-opening', 'line 2: it opens a sealed record, and no profile seals any yet');
  }
  const head = verifyHead(receipt.value, options);
  if (!head.ok) return head;
  const { leaf, header } = record.value;
  const { checkpoint, cosigners } = head.value;
  const tree = logHash(options.suite.hasher);
  const leafHash = tree.leaf(receipt.value.extra.leaf);
  const included = verifyInclusion(
    tree,
    leafHash,
    receipt.value.index,
    checkpoint.size,
    receipt.value.path,
    checkpoint.root,
  );
  if (!included.ok) return included;
  if (leaf.height > checkpoint.height) {
    return refuse(
      'wrong-height',
      `the record is of block ${leaf.height}, above the checkpoint's ${checkpoint.height}`,
    );
  }
  return ok({
    index: receipt.value.index,
    leaf,
    header,
    checkpoint,
    cosigners,
    recordedAt: leaf.time,
    existedNoLaterThan: lowerMedian(cosigners.map(cosigner => cosigner.time)) * 1000,
  });
}

/** File → digest → entry → publisher's signature → leaf. */
function verifyRecord(
  { extra }: Receipt,
  { chain, suite, digests }: VerifyOptions,
): Result<{ leaf: Leaf; header: SubmissionHeader }> {
  const leafResult = decode(leafCodec, extra.leaf);
  if (!leafResult.ok) return refuse('leaf-mismatch', `line 2: the leaf: ${leafResult.fault.detail}`);
  const headerResult = decode(submissionHeaderCodec, extra.header);
  if (!headerResult.ok) return refuse('leaf-mismatch', `line 2: the header: ${headerResult.fault.detail}`);
  const leaf = leafResult.value;
  const header = headerResult.value;
  if (!equalBytes(header.genesis, chain.hash)) {
    return refuse('wrong-chain', `signed for chain ${toHex(header.genesis)}, not for ${toHex(chain.hash)}`);
  }
  if (leaf.publisher !== header.publisher)
    return refuse('leaf-mismatch', 'leaf and header name different publishers');
  const file = fileMatches(leaf, digests);
  if (!file.ok) return file;
  const signed = signedBytes(extra.header);
  if (!suite.verifier.isKey(header.key) || !suite.verifier.verify(header.key, signed, extra.signature)) {
    return refuse(
      'bad-signature',
      "the publisher's signature is not by the key in the header over that header",
    );
  }
  if (!equalBytes(leaf.submission, suite.hasher.digest(signed))) {
    return refuse('leaf-mismatch', 'the leaf names another submission than the signed header');
  }
  const tree = logHash(suite.hasher);
  const entry = verifyInclusion(
    tree,
    tree.leaf(leaf.entry.bytes),
    leaf.i,
    header.count,
    extra.path,
    header.root,
  );
  if (!entry.ok)
    return refuse(
      'entry-mismatch',
      `the entry is not under the publisher's signature: ${entry.fault.detail}`,
    );
  return ok({ leaf, header });
}

function fileMatches(leaf: Leaf, digests: readonly Digest[] | null): Result<void> {
  const recorded = leaf.entry.value.digest;
  if (digests === null) return ok(undefined);
  if (recorded === null) return refuse('file-mismatch', 'the record carries no digest of any file');
  const mine = digests.find(digest => digest.alg === recorded.alg);
  if (mine === undefined)
    return refuse('file-mismatch', `the record's digest is ${recorded.alg}, none of the file's is`);
  if (equalBytes(mine.hash, recorded.hash)) return ok(undefined);
  return refuse(
    'file-mismatch',
    `the file's ${mine.alg} is ${toHex(mine.hash)}, the record's ${toHex(recorded.hash)}`,
  );
}

/** The note: text, one log line, q cosignatures of the epoch's set, nothing else. */
export function verifyHead(
  receipt: Receipt,
  options: VerifyOptions,
): Result<{ checkpoint: Checkpoint; cosigners: readonly Cosigner[] }> {
  const firstLine = noteLineOf(receipt.proof);
  const note = parseNote(receipt.note, { firstLine });
  if (!note.ok) return note;
  const checkpoint = parseCheckpoint(note.value.text, firstLine);
  if (!checkpoint.ok) return checkpoint;
  const { chain } = options;
  if (checkpoint.value.origin !== chain.origin) {
    return refuse(
      'wrong-chain',
      `line ${firstLine}: the checkpoint is of ${checkpoint.value.origin}, not ${chain.origin}`,
    );
  }
  if (checkpoint.value.epoch !== 0 || receipt.extra.handovers !== null) {
    const found =
      checkpoint.value.epoch === 0 ? 'hands over from it' : `is of epoch ${checkpoint.value.epoch}`;
    return refuse('wrong-epoch', `the genesis vouches for epoch 0 only, the receipt ${found}`);
  }
  const cosigners = verifySigners(note.value, chain.validators, options);
  return cosigners.ok ? ok({ checkpoint: checkpoint.value, cosigners: cosigners.value }) : cosigners;
}

function verifySigners(
  note: Note,
  validators: readonly Validator[],
  { chain, suite, witnesses = [] }: VerifyOptions,
): Result<readonly Cosigner[]> {
  const { hasher, verifier } = suite;
  const isOurs = ({ name }: NoteSignature) => name === chain.origin || name.startsWith(`${chain.origin}/`);
  const own: NoteSignature[] = [];
  for (const line of note.signatures) {
    const witness = isOurs(line) ? undefined : witnesses.find(key => isBy(line, key));
    if (witness === undefined) own.push(line);
    else if (!isValid(note.text, line, witness, verifier))
      return refuse('bad-cosignature', `the line of the witness ${describe(line)} does not verify`);
  }
  const logKeys = validators.map(({ logKey }) => makeVerifierKey(chain.origin, TYPE_ED25519, logKey, hasher));
  const [logLine, ...rest] = own;
  const logKey = logLine && logKeys.find(key => isBy(logLine, key));
  if (
    logLine === undefined ||
    logKey === undefined ||
    !verifyNoteSignature(note.text, logLine, logKey, verifier)
  ) {
    return refuse('bad-log-line', 'the first signature is not by the log key of a validator');
  }
  const keys = validators.map(({ code, key }) =>
    makeVerifierKey(cosignerName(chain.origin, code), TYPE_COSIGNATURE, key, hasher),
  );
  const cosigners: Cosigner[] = [];
  let next = 0;
  for (const line of rest) {
    const at = keys.findIndex((key, i) => i >= next && isBy(line, key));
    if (at < 0)
      return refuse('unknown-line', `a line by ${describe(line)} is out of order or by nobody in the set`);
    const verified: Result<Cosignature> = verifyCosignature(note.text, line, keys[at]!, verifier);
    if (!verified.ok)
      return refuse('bad-cosignature', `the cosignature of ${describe(line)}: ${verified.fault.detail}`);
    cosigners.push({ code: validators[at]!.code, time: verified.value.time });
    next = at + 1;
  }
  const q = quorum(validators.length);
  if (cosigners.length !== q)
    return refuse('no-quorum', `${cosigners.length} cosignatures, exactly ${q} are needed`);
  return ok(cosigners);
}

function isValid(text: string, line: NoteSignature, key: VerifierKey, verifier: Verifier): boolean {
  if (key.type === TYPE_ED25519) return verifyNoteSignature(text, line, key, verifier);
  return verifyCosignature(text, line, key, verifier).ok;
}

function describe(line: NoteSignature): string {
  return `${line.name} (key id ${line.keyId.toString(16).padStart(8, '0')})`;
}

/** The lower of the two middle values for an even count: (n-1)/2 values are not later. */
function lowerMedian(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}
