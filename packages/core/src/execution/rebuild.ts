import type { Hasher } from '../crypto/hasher.ts';
import type { Suite } from '../crypto/suite.ts';
import { compareBytes, concat, toHex } from '../encoding/bytes.ts';
import { decode } from '../encoding/codec.ts';
import { invariant } from '../encoding/result.ts';
import { blockHash, type Header } from '../ledger/block.ts';
import { formatCheckpoint } from '../ledger/checkpoint.ts';
import type { Chain } from '../ledger/genesis.ts';
import { stateName, submissionValueCodec } from '../records/state.ts';
import type { Submission } from '../records/submission.ts';
import { executeBlock } from './execute.ts';
import { genesisState } from './genesis-state.ts';
import type { StateView } from './types.ts';

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
    for (const [name, value] of changes) state.set(name, value);
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
  const state = plainState(hasher);
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

interface PlainState extends StateView {
  set(name: Uint8Array, value: Uint8Array | null): void;
  root(): Uint8Array;
}

function plainState(hasher: Hasher): PlainState {
  const values = new Map<string, Uint8Array>();
  let tree: Tree = null;
  const replay = new Map<string, { id: Uint8Array; expires: number }>();
  return {
    value: name => values.get(toHex(name)) ?? null,
    expired: until =>
      [...replay.values()]
        .filter(({ expires }) => expires <= until)
        .sort((a, b) => a.expires - b.expires || compareBytes(a.id, b.id))
        .map(({ id }) => id),
    root: () => stateRoot(hasher, tree),
    set: (name, value) => {
      const key = toHex(name);
      const place = hasher.digest(name);
      const pair = value === null ? null : concat(Uint8Array.of(0x10), place, hasher.digest(value));
      tree = withPair(tree, place, pair === null ? null : { key: place, hash: hasher.digest(pair) });
      if (value === null) {
        values.delete(key);
        replay.delete(key);
        return;
      }
      values.set(key, value);
      const id = name.slice(-32);
      if (key !== toHex(stateName('submission', id))) return;
      const memory = decode(submissionValueCodec, value);
      invariant(memory.ok, 'the replay memory decodes');
      replay.set(key, { id, expires: memory.value.expires });
    },
  };
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

type Tree = null | PairLeaf | Inner;

interface PairLeaf {
  readonly key: Uint8Array;
  readonly hash: Uint8Array;
}

interface Inner {
  readonly sides: readonly [Tree, Tree];
  /** Worked out when it is first asked for. */
  hash: Uint8Array | null;
}

/** The tree after `leaf` took the place of what was under `key`, by the definition of the map (FORMATS, "State"). */
function withPair(tree: Tree, key: Uint8Array, leaf: PairLeaf | null, depth = 0): Tree {
  if (tree === null) return leaf;
  if ('key' in tree) {
    if (compareBytes(tree.key, key) === 0) return leaf;
    if (leaf === null) return tree;
    const alone: Inner = { sides: bit(tree.key, depth) === 0 ? [tree, null] : [null, tree], hash: null };
    return withPair(alone, key, leaf, depth);
  }
  const [left, right] =
    bit(key, depth) === 0
      ? [withPair(tree.sides[0], key, leaf, depth + 1), tree.sides[1]]
      : [tree.sides[0], withPair(tree.sides[1], key, leaf, depth + 1)];
  if (left === null && (right === null || 'key' in right)) return right;
  if (right === null && left !== null && 'key' in left) return left;
  return { sides: [left, right], hash: null };
}

function stateRoot(hasher: Hasher, tree: Tree): Uint8Array {
  if (tree === null) return new Uint8Array(32);
  if ('key' in tree) return tree.hash;
  const [left, right] = tree.sides;
  tree.hash ??= hasher.digest(concat(Uint8Array.of(0x11), stateRoot(hasher, left), stateRoot(hasher, right)));
  return tree.hash;
}

function bit(key: Uint8Array, depth: number): number {
  return (key[depth >> 3]! >> (7 - (depth & 7))) & 1;
}
