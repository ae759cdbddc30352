import { rememberingVerifier } from '../crypto/remembering-verifier.ts';
import type { Suite } from '../crypto/suite.ts';
import { equalBytes, toHex } from '../encoding/bytes.ts';
import { decode } from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import type { Checkpoint } from '../ledger/checkpoint.ts';
import { type LogHash, logHash } from '../merkle/log-hash.ts';
import type { Digest } from '../records/entry.ts';
import { type Leaf, leafCodec } from '../records/leaf.ts';
import { type Disclosed, discloseEntry } from '../records/sealed.ts';
import { type SubmissionHeader, signedBytes, submissionHeaderCodec } from '../records/submission.ts';
import { type Cosigner, medianTime } from './cosigners.ts';
import { HandoverMemory } from './handover-memory.ts';
import { type Head, type ReceiptTrust, verifyHead } from './head.ts';
import { plainTree } from './known-tree.ts';
import { parseReceipt, type Receipt, type ReceiptExtra } from './receipt.ts';
import { ReceiptMemory } from './receipt-memory.ts';

/** What `verifyReceipt` is given beside the receipt. */
export interface VerifyOptions extends ReceiptTrust {
  /** Digests of the file in hand, one an algorithm the caller could compute; null checks the receipt alone. */
  readonly digests: readonly Digest[] | null;
}

/** What a receipt establishes. Times in ms. Parts may be shared with other receipts: they are not to be written to. */
export interface VerifiedReceipt {
  readonly index: number;
  readonly leaf: Leaf;
  readonly header: SubmissionHeader;
  /** What the receipt opens of a sealed record, and what stays hidden; null for a record in the open. */
  readonly disclosed: Disclosed | null;
  readonly checkpoint: Checkpoint;
  readonly cosigners: readonly Cosigner[];
  /** Validators in the set of the checkpoint's epoch. */
  readonly validators: number;
  /** Block time of the record, accepted as timely by a quorum. */
  readonly recordedAt: number;
  /** Lower median of the cosignature times: at least one honest member had it by then. */
  readonly existedNoLaterThan: number;
}

/**
 * Verifies a receipt with the genesis alone: file → digest → entry → publisher's signature → leaf → log root → q
 * validators of the epoch that the handovers reach. Stricter than C2SP asks: exactly one log line and exactly q
 * cosignatures in the set's order, and a line it cannot attribute fails. Faults: those of the parsers and of
 * `verifyInclusion`, and `wrong-chain`, `file-mismatch`, `bad-signature`, `entry-mismatch`, `leaf-mismatch`,
 * `root-mismatch`, `bad-log-line`, `bad-cosignature`, `no-quorum`, `unknown-line`, `wrong-epoch`, `wrong-height`,
 * `bad-handover`, `pin-mismatch`, `unknown-opening`, `opening-mismatch`, `opening-missing`.
 */
export function verifyReceipt(bytes: Uint8Array, options: VerifyOptions): Result<VerifiedReceipt> {
  return judge(bytes, options, logHash(options.suite.hasher), null);
}

/** Verifies receipts one after another; the verdict on each is that of `verifyReceipt`. */
export type ReceiptVerifier = (
  bytes: Uint8Array,
  digests: VerifyOptions['digests'],
) => Result<VerifiedReceipt>;

/**
 * For whoever verifies more than one receipt: what receipts of one checkpoint or of one submission share is checked once,
 * which makes a thousand of them thirty times faster (measured). It remembers a bounded amount and nothing that failed.
 */
export function receiptVerifier(trust: ReceiptTrust): ReceiptVerifier {
  // A line that stands in several notes of one checkpoint, as nodes choose their q, is checked once as well.
  const suite = { ...trust.suite, verifier: rememberingVerifier(trust.suite.verifier) };
  const tree = logHash(suite.hasher);
  const memory = new ReceiptMemory(tree);
  const known = { ...trust, suite, handoverMemory: trust.handoverMemory ?? new HandoverMemory() };
  return (bytes, digests) => judge(bytes, { ...known, digests }, tree, memory);
}

/** The verdict on a receipt. The memory spares steps that were made on the same bytes, it decides nothing. */
function judge(
  bytes: Uint8Array,
  options: VerifyOptions,
  tree: LogHash,
  memory: ReceiptMemory | null,
): Result<VerifiedReceipt> {
  const parsed = parseReceipt(bytes);
  if (!parsed.ok) return parsed;
  const receipt = parsed.value;
  const record = verifyRecord(receipt, options, tree, memory);
  if (!record.ok) return record;
  // Handovers are not part of the note: a note that is known says nothing of them.
  const heads = receipt.extra.handovers === null ? memory : null;
  const known = heads?.head(receipt.note);
  const head: Result<Head> = known === undefined ? verifyHead(receipt, options) : ok(known);
  if (!head.ok) return head;
  const { leaf, header, disclosed } = record.value;
  const { checkpoint, cosigners, validators } = head.value;
  const leaves = (known ?? heads?.keepHead(receipt.note, head.value))?.leaves;
  const included = (leaves ?? plainTree(tree, checkpoint.size, checkpoint.root))(
    tree.leaf(receipt.extra.leaf),
    receipt.index,
    receipt.path,
  );
  if (!included.ok) return included;
  for (const { index } of disclosed?.links.values() ?? [])
    if (index >= receipt.index)
      return refuse('unknown-opening', `it links to record ${index}, which is not before ${receipt.index}`);
  if (leaf.height > checkpoint.height) {
    return refuse(
      'wrong-height',
      `the record is of block ${leaf.height}, above the checkpoint's ${checkpoint.height}`,
    );
  }
  return ok({
    index: receipt.index,
    leaf,
    header,
    disclosed,
    checkpoint,
    cosigners,
    validators,
    recordedAt: leaf.time,
    existedNoLaterThan: medianTime(cosigners),
  });
}

/** File → digest → entry → publisher's signature → leaf. */
function verifyRecord(
  { extra }: Receipt,
  { chain, suite, digests }: VerifyOptions,
  tree: LogHash,
  memory: ReceiptMemory | null,
): Result<Pick<VerifiedReceipt, 'leaf' | 'header' | 'disclosed'>> {
  const leafResult = decode(leafCodec, extra.leaf);
  if (!leafResult.ok) return refuse('leaf-mismatch', `line 2: the leaf: ${leafResult.fault.detail}`);
  const known = memory?.submission(extra);
  const headerResult = known === undefined ? decode(submissionHeaderCodec, extra.header) : ok(known.header);
  if (!headerResult.ok) return refuse('leaf-mismatch', `line 2: the header: ${headerResult.fault.detail}`);
  const leaf = leafResult.value;
  const header = headerResult.value;
  if (!equalBytes(header.genesis, chain.hash)) {
    return refuse('wrong-chain', `signed for chain ${toHex(header.genesis)}, not for ${toHex(chain.hash)}`);
  }
  if (leaf.publisher !== header.publisher)
    return refuse('leaf-mismatch', 'leaf and header name different publishers');
  const opened = discloseEntry(leaf.entry.value, extra.opening, suite.hasher);
  if (!opened.ok) return opened;
  const file = fileMatches(leaf, opened.value, digests);
  if (!file.ok) return file;
  const id = known === undefined ? signedId(extra, header, suite) : known.id;
  if (id === null) {
    return refuse(
      'bad-signature',
      "the publisher's signature is not by the key in the header over that header",
    );
  }
  const entries = (known ?? memory?.keepSubmission(extra, header, id))?.entries;
  if (!equalBytes(leaf.submission, id)) {
    return refuse('leaf-mismatch', 'the leaf names another submission than the signed header');
  }
  const entry = (entries ?? plainTree(tree, header.count, header.root))(
    tree.leaf(leaf.entry.bytes),
    leaf.i,
    extra.path,
  );
  if (!entry.ok)
    return refuse(
      'entry-mismatch',
      `the entry is not under the publisher's signature: ${entry.fault.detail}`,
    );
  return ok({ leaf, header, disclosed: opened.value });
}

/** The id of the submission with this header, null unless the key in it is sound and signed it. */
function signedId(
  { header: bytes, signature }: ReceiptExtra,
  { key }: SubmissionHeader,
  { hasher, verifier }: Suite,
): Uint8Array | null {
  const signed = signedBytes(bytes);
  return verifier.isKey(key) && verifier.verify(key, signed, signature) ? hasher.digest(signed) : null;
}

function fileMatches(
  { entry: { value } }: Leaf,
  disclosed: Disclosed | null,
  digests: readonly Digest[] | null,
): Result<void> {
  if (digests === null) return ok(undefined);
  if (value.digest === null) return refuse('file-mismatch', 'the record carries no digest of any file');
  const recorded = disclosed === null ? value.digest : disclosed.digest;
  if (recorded === null)
    return refuse('opening-missing', 'the record is sealed, and the receipt does not open its digest');
  const mine = digests.find(digest => digest.alg === recorded.alg);
  if (mine === undefined)
    return refuse('file-mismatch', `the record's digest is ${recorded.alg}, none of the file's is`);
  if (equalBytes(mine.hash, recorded.hash)) return ok(undefined);
  return refuse(
    'file-mismatch',
    `the file's ${mine.alg} is ${toHex(mine.hash)}, the record's ${toHex(recorded.hash)}`,
  );
}
