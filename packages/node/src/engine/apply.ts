import {
  buildTiles,
  type Chain,
  compareBytes,
  formatCheckpoint,
  frontierFromEdge,
  frontierRoot,
  type Hasher,
  type Header,
  type LogHash,
  leafHashesOf,
  logHash,
  type MapChange,
  type MapHash,
  type MapUpdate,
  mapHash,
  memoryNodeStore,
  type Submission,
  type Suite,
  type TileEdge,
  updateMap,
} from '@qifeng/core';
import type { NamedValue, StateView } from '@qifeng/core/execution';
import { executeBlock, genesisState } from '@qifeng/core/execution';
import { type BlockWrite, type LedgerReader, placeOf, type StateChange } from '../ports/ledger-store.ts';
import { documentOf } from '../search/document.ts';

/** What execution needs of a ledger store. */
export type StateReader = Pick<LedgerReader, 'stateValue' | 'expired' | 'pages'>;

/** A block's write, the log's edge after it, and the submissions that the block dropped without a trace. */
export interface AppliedBlock {
  readonly write: BlockWrite;
  readonly edge: TileEdge;
  readonly dropped: ReturnType<typeof executeBlock>['dropped'];
}

type KeyOf = (name: Uint8Array) => Uint8Array;

/** What `LedgerStore.initialise` takes, in its order. */
export interface GenesisWrite {
  readonly genesisHash: Uint8Array;
  readonly state: readonly StateChange[];
  readonly pages: MapUpdate;
}

/** The certified state of a store as execution reads it; `keyOf` gives the map key of a name. */
export function stateView(
  store: StateReader,
  hasher: Hasher,
  keyOf: KeyOf = name => hasher.digest(name),
): StateView {
  return {
    value: name => store.stateValue(keyOf(name)),
    expired: until => store.expired(until),
  };
}

/**
 * Executes the block `header` with its `hash` and well-formed `submissions` on the ledger in `store`, whose log ends in
 * `edge`, and works out all that storing it writes; the store itself is not touched.
 */
export function applyBlock(
  chain: Chain,
  { hasher, verifier }: Suite,
  store: StateReader,
  header: Header,
  hash: Uint8Array,
  submissions: readonly Submission[],
  edge: TileEdge,
): AppliedBlock {
  const firstIndex = edge.size;
  const rules = { chain, hasher, verifier };
  const keyOf = keysOnce(hasher);
  const done = executeBlock({ header, firstIndex, submissions }, stateView(store, hasher, keyOf), rules);
  const { log: tree, map } = treesOf(hasher);
  const built = buildTiles(tree, edge, leafHashesOf(tree, done.leaves));
  const state = keyed(keyOf, done.changes);
  const pages = updateMap(map, store.pages, hashed(hasher, header.height, state));
  const text = formatCheckpoint({
    origin: chain.origin,
    size: built.edge.size,
    root: frontierRoot(tree, frontierFromEdge(tree, built.edge)),
    height: header.height,
    blockHash: hash,
    stateRoot: pages.root,
    epoch: header.epoch,
  });
  const { leaves, rows, outcomes, dropped } = done;
  const documents = done.records.map(({ leaf, subject, issuerName }, i) =>
    documentOf(firstIndex + i, leaf, subject, issuerName),
  );
  const changed = { tiles: built.tiles, state, pages, rows, outcomes, documents };
  return { write: { header, hash, text, firstIndex, leaves, ...changed }, edge: built.edge, dropped };
}

const trees = new WeakMap<Hasher, { readonly log: LogHash; readonly map: MapHash }>();

/** The tree functions of a suite, with their buffers: made for each block they were a thirtieth of one of one record (measured). */
function treesOf(hasher: Hasher) {
  const known = trees.get(hasher);
  if (known !== undefined) return known;
  const made = { log: logHash(hasher), map: mapHash(hasher) };
  trees.set(hasher, made);
  return made;
}

/** The state of a fresh chain, for `LedgerStore.initialise`. */
export function genesisWrite(chain: Chain, { hasher }: Suite): GenesisWrite {
  const state = keyed(keysOnce(hasher), genesisState(chain));
  const pages = updateMap(mapHash(hasher), memoryNodeStore(), hashed(hasher, 0, state));
  return { genesisHash: chain.hash, state, pages };
}

/** Changes with their map keys, ascending by key as the map takes them. */
function keyed(keyOf: KeyOf, changes: readonly NamedValue[]): StateChange[] {
  return changes
    .map(([name, value]) => ({ key: keyOf(name), name, value }))
    .sort((a, b) => compareBytes(a.key, b.key));
}

/** Hashes each name, by identity, once: execution writes under the names it read. */
function keysOnce(hasher: Hasher): KeyOf {
  const keys = new Map<Uint8Array, Uint8Array>();
  return name => {
    let key = keys.get(name);
    if (key !== undefined) return key;
    key = hasher.digest(name);
    keys.set(name, key);
    return key;
  };
}

function hashed(hasher: Hasher, height: number, state: readonly StateChange[]): MapChange[] {
  return state.map(({ key, value }, i) => [
    key,
    value === null ? null : hasher.digest(value),
    placeOf(height, i),
  ]);
}
