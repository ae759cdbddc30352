import {
  buildTiles,
  type Chain,
  compareBytes,
  formatCheckpoint,
  frontierFromEdge,
  frontierRoot,
  type Hasher,
  type Header,
  leafHashesOf,
  logHash,
  type MapChange,
  type MapUpdate,
  mapHash,
  memoryNodeStore,
  type Submission,
  type Suite,
  type TileEdge,
  updateMap,
} from '@qifeng/core';
import type { BlockWrite, LedgerReader, StateChange } from '../ports/ledger-store.ts';
import { executeBlock } from '../state/execute.ts';
import { genesisState } from '../state/genesis-state.ts';
import type { NamedValue, StateView } from '../state/types.ts';

/** What execution needs of a ledger store. */
export type StateReader = Pick<LedgerReader, 'stateValue' | 'expired' | 'pages'>;

/** A block's write, the log's edge after it, and the submissions that the block dropped without a trace. */
export interface AppliedBlock {
  readonly write: BlockWrite;
  readonly edge: TileEdge;
  readonly dropped: ReturnType<typeof executeBlock>['dropped'];
}

/** What `LedgerStore.initialise` takes, in its order. */
export interface GenesisWrite {
  readonly genesisHash: Uint8Array;
  readonly state: readonly StateChange[];
  readonly pages: MapUpdate;
}

/** The certified state of a store as execution reads it. */
export function stateView(store: StateReader, hasher: Hasher): StateView {
  return {
    value: name => store.stateValue(hasher.digest(name)),
    expired: until => store.expired(until),
  };
}

/**
 * Executes the block `header` with its `hash` and well-formed `submissions` on the ledger in `store`, whose log ends in
 * `edge`, and works out all that storing it writes; the store itself is not touched.
 */
export function applyBlock(
  chain: Chain,
  { hasher }: Suite,
  store: StateReader,
  header: Header,
  hash: Uint8Array,
  submissions: readonly Submission[],
  edge: TileEdge,
): AppliedBlock {
  const firstIndex = edge.size;
  const rules = { chain, hasher };
  const done = executeBlock({ header, firstIndex, submissions }, stateView(store, hasher), rules);
  const tree = logHash(hasher);
  const built = buildTiles(tree, edge, leafHashesOf(tree, done.leaves));
  const state = keyed(hasher, done.changes);
  const pages = updateMap(mapHash(hasher), store.pages, hashed(hasher, state));
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
  const write = { header, hash, text, firstIndex, leaves, tiles: built.tiles, state, pages, rows, outcomes };
  return { write, edge: built.edge, dropped };
}

/** The state of a fresh chain, for `LedgerStore.initialise`. */
export function genesisWrite(chain: Chain, { hasher }: Suite): GenesisWrite {
  const state = keyed(hasher, genesisState(chain));
  const pages = updateMap(mapHash(hasher), memoryNodeStore(), hashed(hasher, state));
  return { genesisHash: chain.hash, state, pages };
}

/** Changes with their map keys, ascending by key as the map takes them. */
function keyed(hasher: Hasher, changes: readonly NamedValue[]): StateChange[] {
  return changes
    .map(([name, value]) => ({ key: hasher.digest(name), name, value }))
    .sort((a, b) => compareBytes(a.key, b.key));
}

function hashed(hasher: Hasher, state: readonly StateChange[]): MapChange[] {
  return state.map(({ key, value }) => [key, value === null ? null : hasher.digest(value)]);
}
