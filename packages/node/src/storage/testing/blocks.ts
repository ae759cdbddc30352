import {
  blockHash,
  buildTiles,
  compareBytes,
  emptyEdge,
  encode,
  formatCheckpoint,
  frontierFromEdge,
  frontierRoot,
  type Header,
  leafHashesOf,
  logHash,
  type MapNodeStore,
  mapHash,
  stateName,
  submissionValueCodec,
  type TileEdge,
  updateMap,
} from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import { type BlockWrite, placeOf, type StateChange } from '../../ports/ledger-store.ts';

/** The tree functions of test chains. */
export const trees = { log: logHash(nativeHasher), map: mapHash(nativeHasher) };
/** Genesis hash of test chains. */
export const GENESIS = new Uint8Array(32).fill(7);
/** Ms from one block to the next. */
export const BLOCK_MS = 1000;

/** 32 bytes that a text stands for. */
export function hashOf(text: string): Uint8Array {
  return nativeHasher.digest(new TextEncoder().encode(text));
}

/** A state change by name. */
export function change(name: Uint8Array, value: Uint8Array | null): StateChange {
  return { key: nativeHasher.digest(name), name, value };
}

/** Puts a publisher, whose value is a text. */
export function publisher(id: string, value: string | null): StateChange {
  return change(stateName('publisher', id), value === null ? null : new TextEncoder().encode(value));
}

/** Puts a submission into the replay memory, or with null takes it out. */
export function remembered(id: string, expires: number | null): StateChange {
  const value = { height: 1, first: 0, count: 1, code: null, entry: null, detail: null };
  const bytes = expires === null ? null : encode(submissionValueCodec, { expires, ...value });
  return change(stateName('submission', hashOf(id)), bytes);
}

/** What the next block of a test chain shall do, where it is not to be empty. */
export interface BlockPlan {
  readonly leaves?: readonly Uint8Array[];
  readonly state?: readonly StateChange[];
  readonly batches?: readonly Uint8Array[];
  readonly rows?: BlockWrite['rows'];
  readonly outcomes?: BlockWrite['outcomes'];
  readonly documents?: BlockWrite['documents'];
}

/** Makes blocks as execution would, each on the one before. */
export interface BlockMaker {
  next(plan?: BlockPlan): BlockWrite;
}

/** A chain of test blocks whose map is read from `pages`, so that each block must be stored before the next is made. */
export function blockMaker(pages: MapNodeStore, edge: TileEdge = emptyEdge, last?: Header): BlockMaker {
  let at = edge;
  let header = last;
  return {
    next({ leaves = [], state = [], batches = [], rows = [], outcomes = [], documents = [] } = {}) {
      const height = (header?.height ?? 0) + 1;
      const parent = header === undefined ? GENESIS : blockHash(header, nativeHasher);
      const base = { v: 1, genesis: GENESIS, proposer: '110000', epoch: 0, barrier: false } as const;
      header = { ...base, height, parent, timestamp: height * BLOCK_MS, batches };
      const built = buildTiles(trees.log, at, leafHashesOf(trees.log, leaves));
      const firstIndex = at.size;
      at = built.edge;
      const sorted = state.toSorted((a, b) => compareBytes(a.key, b.key));
      const hash = blockHash(header, nativeHasher);
      const update = pagesOf(pages, sorted, height);
      const text = formatCheckpoint({
        origin: 'test.qifeng.example',
        size: at.size,
        root: frontierRoot(trees.log, frontierFromEdge(trees.log, at)),
        height,
        blockHash: hash,
        stateRoot: update.root,
        epoch: 0,
      });
      const trunk = { header, hash, text, firstIndex, leaves, tiles: built.tiles };
      return { ...trunk, state: sorted, pages: update, rows, outcomes, documents };
    },
  };
}

/** What the state changes of a block do to the map in `pages`. */
export function pagesOf(pages: MapNodeStore, state: readonly StateChange[], height = 0) {
  const sorted = state.toSorted((a, b) => compareBytes(a.key, b.key));
  const changes = sorted.map(
    ({ key, value }, i) =>
      [key, value === null ? null : nativeHasher.digest(value), placeOf(height, i)] as const,
  );
  return updateMap(trees.map, pages, changes);
}
