import type { Hasher } from '../crypto/hasher.ts';
import type { Suite } from '../crypto/suite.ts';
import { concat } from '../encoding/bytes.ts';
import { blockHash, type Header } from '../ledger/block.ts';
import { formatCheckpoint } from '../ledger/checkpoint.ts';
import type { Chain } from '../ledger/genesis.ts';
import type { Submission } from '../records/submission.ts';
import { executeBlock } from './execute.ts';
import { genesisState } from './genesis-state.ts';
import { PlainState } from './plain-state.ts';

/** The ledger after one block, worked out again. */
export interface Rebuilt {
  readonly height: number;
  /** Leaves in the log. */
  readonly size: number;
  /** The three below are worked out when they are read, so they must be read before the next block is asked for. */
  readonly logRoot: Uint8Array;
  readonly stateRoot: Uint8Array;
  /** The checkpoint's text: what every node must have cosigned. */
  readonly text: string;
}

/** A block and its well-formed submissions in order. */
export interface RebuildBlock {
  readonly header: Header;
  readonly submissions: readonly Submission[];
}

/** What a rebuilt ledger begins with in place of the genesis. */
export interface RebuildBase {
  readonly values: Iterable<{ readonly name: Uint8Array; readonly value: Uint8Array }>;
  /** Leaves in the log, and the roots of the perfect subtrees that make it up, from the left, end to end. */
  readonly log: { readonly size: number; readonly hashes: Uint8Array };
}

/** Both roots of a base, by their recursive definitions. */
export function baseRoots({ hasher }: Suite, base: RebuildBase) {
  const { state, leafHashes, known } = beginning(hasher, base);
  return {
    logRoot: logRoot(hasher, leafHashes, 0, leafHashes.length, known),
    stateRoot: state.root(),
  };
}

/**
 * Runs a chain again from its genesis, or from a base that is right, for comparison at the end of a simulation or of a store. The state is a plain map,
 * both roots follow their recursive definitions, hashes of parts that did not change are kept, and no code is shared
 * with the tiles and pages of the ledger. What entries mean is `executeBlock`'s.
 */
export function* rebuild(
  chain: Chain,
  { hasher, verifier }: Suite,
  blocks: Iterable<RebuildBlock>,
  base: RebuildBase = genesisBase(chain),
): Generator<Rebuilt> {
  const { state, leafHashes, known } = beginning(hasher, base);
  for (const { header, submissions } of blocks) {
    const firstIndex = leafHashes.length;
    const rules = { chain, hasher, verifier };
    const { leaves, changes } = executeBlock({ header, firstIndex, submissions }, state, rules);
    for (const leaf of leaves) leafHashes.push(hasher.digest(concat(Uint8Array.of(0), leaf)));
    state.apply(changes);
    const { height, epoch } = header;
    yield {
      height,
      size: leafHashes.length,
      get logRoot() {
        return logRoot(hasher, leafHashes, 0, leafHashes.length, known);
      },
      get stateRoot() {
        return state.root();
      },
      get text() {
        const { logRoot: root, stateRoot, size } = this;
        const hash = blockHash(header, hasher);
        return formatCheckpoint({
          origin: chain.origin,
          size,
          root,
          height,
          blockHash: hash,
          stateRoot,
          epoch,
        });
      },
    };
  }
}

function genesisBase(chain: Chain): RebuildBase {
  return {
    values: genesisState(chain).map(([name, value]) => ({ name, value: value! })),
    log: { size: 0, hashes: new Uint8Array(0) },
  };
}

/** The leaves before a base are known by the roots of their subtrees only. */
function beginning(hasher: Hasher, { values, log }: RebuildBase) {
  const state = new PlainState(hasher);
  for (const { name, value } of values) state.set(name, value);
  const leafHashes: Uint8Array[] = [];
  const known = new Map<string, Uint8Array>();
  for (let from = 0, at = 0; from < log.size; at += 32) {
    let size = 1;
    while (from + 2 * size <= log.size) size *= 2;
    const root = log.hashes.subarray(at, at + 32);
    if (size === 1) leafHashes[from] = root;
    else known.set(`${from} ${from + size}`, root);
    from += size;
    leafHashes.length = from;
  }
  return { state, leafHashes, known };
}

/** MTH of RFC 6962 section 2.1 over `leafHashes[from, to)`; roots of complete subtrees are looked up once known. */
function logRoot(
  hasher: Hasher,
  leafHashes: readonly Uint8Array[],
  from: number,
  to: number,
  known: Map<string, Uint8Array>,
): Uint8Array {
  const count = to - from;
  if (count === 0) return hasher.digest(new Uint8Array(0));
  if (count === 1) return leafHashes[from]!;
  const found = known.get(`${from} ${to}`);
  if (found !== undefined) return found;
  let split = 1;
  while (split * 2 < count) split *= 2;
  const left = logRoot(hasher, leafHashes, from, from + split, known);
  const right = logRoot(hasher, leafHashes, from + split, to, known);
  const root = hasher.digest(concat(Uint8Array.of(1), left, right));
  if (split * 2 === count) known.set(`${from} ${to}`, root);
  return root;
}
