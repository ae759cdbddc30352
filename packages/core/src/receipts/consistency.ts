import type { Hasher } from '../crypto/hasher.ts';
import { equalBytes, toHex } from '../encoding/bytes.ts';
import { type Carried, decode, exactly, fixedBytes, list, positive, record } from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import type { Checkpoint } from '../ledger/checkpoint.ts';
import type { Chain } from '../ledger/genesis.ts';
import { logHash } from '../merkle/log-hash.ts';
import { verifyConsistency } from '../merkle/log-verify.ts';

/** Largest file of consistency proofs that is read, in bytes: some thousand of them. */
export const MAX_CONSISTENCY_BYTES = 4 << 20;

const stepCodec = record({ from: positive, to: positive, path: list(fixedBytes(32), 64, 1) });
/**
 * A file of consistency proofs of one chain (RFC 9162 section 2.1.4), each from a log size to a larger one. It holds no
 * roots: those are in the checkpoints that it is verified with.
 */
export const consistencyCodec = record({
  v: exactly(1),
  genesis: fixedBytes(32),
  steps: list(stepCodec, 65_536),
});
/** See `consistencyCodec`. */
export type ConsistencyFile = Carried<typeof consistencyCodec>;

/** Log sizes that are to be connected, ascending: those of checkpoints, each once. Every log begins with the empty one. */
export function sizesOf(heads: readonly Checkpoint[]): readonly number[] {
  const sizes = new Set(heads.map(({ size }) => size).filter(size => size > 0));
  return [...sizes].sort((a, b) => a - b);
}

/**
 * That verified checkpoints, of which `OneLog` took all, are of logs each of which begins with the ones before it, by the
 * bytes of a file of consistency proofs. Gives the sizes. Faults: those of `decode` and `verifyConsistency`,
 * `wrong-chain`, and `consistency-gap` (no proof from a size to the next).
 */
export function verifyConsistent(
  heads: readonly Checkpoint[],
  bytes: Uint8Array,
  { hash }: Pick<Chain, 'hash'>,
  hasher: Hasher,
): Result<readonly number[]> {
  const decoded = decode(consistencyCodec, bytes);
  if (!decoded.ok) return decoded;
  const { genesis, steps } = decoded.value;
  if (!equalBytes(genesis, hash))
    return refuse('wrong-chain', `consistency proofs of chain ${toHex(genesis)}, not of ${toHex(hash)}`);
  const roots = new Map(heads.map(({ size, root }) => [size, root]));
  const sizes = sizesOf(heads);
  for (const [i, from] of sizes.slice(0, -1).entries()) {
    const to = sizes[i + 1]!;
    const step = steps.find(one => one.from === from && one.to === to);
    if (step === undefined) return refuse('consistency-gap', `no proof from ${from} records to ${to}`);
    const held = verifyConsistency(logHash(hasher), from, to, roots.get(from)!, roots.get(to)!, step.path);
    if (!held.ok) return refuse(held.fault.code, `from ${from} records to ${to}: ${held.fault.detail}`);
  }
  return ok(sizes);
}
