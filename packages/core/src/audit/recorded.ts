import type { Suite } from '../crypto/suite.ts';
import { equalBytes, toHex } from '../encoding/bytes.ts';
import { decode } from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { blockHash, type Header } from '../ledger/block.ts';
import type { Chain } from '../ledger/genesis.ts';
import type { Leaf } from '../records/leaf.ts';
import { entriesRoot, signedBytes, submissionHeaderCodec } from '../records/submission.ts';
import type { Enrolled } from './enrolments.ts';

/** What a publisher signed, as a receipt carries it. */
export interface SignedHeader {
  /** Canonical bytes of the submission's header. */
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * That the records of one submission, all of them in order, are what their publisher signed, with a key that was its own and
 * while it was not suspended: `enrolled` is how it stood before the first of them, null if it was not enrolled. Faults:
 * `leaf-mismatch`, `wrong-chain`, `wrong-key`, `publisher-suspended`, `bad-signature`, `entry-mismatch`.
 */
export function verifyRecorded(
  leaves: readonly Leaf[],
  { header: bytes, signature }: SignedHeader,
  enrolled: Enrolled | null,
  chain: Chain,
  { hasher, verifier }: Suite,
): Result<void> {
  const first = leaves[0]!;
  const signed = signedBytes(bytes);
  const id = hasher.digest(signed);
  if (!leaves.every(({ submission, i }, at) => equalBytes(submission, id) && i === at))
    return refuse('leaf-mismatch', `the records are not those of submission ${toHex(id)} from its first on`);
  const decoded = decode(submissionHeaderCodec, bytes);
  if (!decoded.ok) return refuse('leaf-mismatch', `the signed header: ${decoded.fault.detail}`);
  const { genesis, publisher, key, count, root } = decoded.value;
  if (!equalBytes(genesis, chain.hash))
    return refuse('wrong-chain', 'signed for the chain of another genesis');
  if (!leaves.every(leaf => leaf.publisher === publisher))
    return refuse('leaf-mismatch', `${publisher} signed, the log says ${first.publisher}`);
  if (!enrolled?.keys.some(known => equalBytes(known, key)))
    return refuse('wrong-key', `signed with a key that is not one of ${publisher}`);
  if (enrolled.status !== 'active')
    return refuse('publisher-suspended', `${publisher} was ${enrolled.status} when it was recorded`);
  if (!verifier.isKey(key) || !verifier.verify(key, signed, signature))
    return refuse('bad-signature', `the signature of ${publisher} is not by its key over this header`);
  const entries = leaves.map(({ entry }) => entry.bytes);
  if (count !== entries.length || !equalBytes(entriesRoot(entries, hasher), root))
    return refuse('entry-mismatch', `${publisher} signed ${count} entries of another root`);
  return ok(undefined);
}

/** A place in the chain of blocks; height 0 with the genesis hash before the first. */
export interface BlockPlace {
  readonly height: number;
  readonly hash: Uint8Array;
  /** Ms, 0 at the genesis. */
  readonly time: number;
}

/** That a header follows the block before it. Faults: `block-chain`. */
export function followBlock(
  before: BlockPlace,
  header: Header,
  chain: Chain,
  { hasher }: Suite,
): Result<BlockPlace> {
  const { height, genesis, parent, timestamp } = header;
  const bad = (detail: string) => refuse('block-chain', `block ${before.height + 1}: ${detail}`);
  if (height !== before.height + 1) return bad(`its header says ${height}`);
  if (!equalBytes(genesis, chain.hash)) return bad('of another chain');
  if (!equalBytes(parent, before.hash))
    return bad(`its parent is ${toHex(parent)}, not ${toHex(before.hash)}`);
  if (timestamp <= before.time) return bad('not later than the block before');
  return ok({ height, hash: blockHash(header, hasher), time: timestamp });
}
