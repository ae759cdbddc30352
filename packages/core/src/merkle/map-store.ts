/**
 * Where the map's pages live, as the map reads them. A page covers four levels of the tree; its path is the prefix
 * that leads to it, one lowercase hex digit for each four key bits ('' is the root's page). Pages are overwritten in
 * place: only the current map can be read and proved. Synchronous, because execution is.
 */
export interface MapNodeStore {
  /** The page at `path`, which the caller does not change, or undefined if there is none. */
  get(path: string): Uint8Array | undefined;
}

/** A subtree with exactly one pair. */
export interface MapLeaf {
  readonly kind: 'leaf';
  readonly key: Uint8Array;
  readonly valueHash: Uint8Array;
  /** Where the store keeps the value: a safe integer that the map carries and does not hash. */
  readonly place: number;
}

/** What one update does to the store; to be applied whole, in the same batch as the block it belongs to. */
export interface MapUpdate {
  /** State root after the update, 32 bytes. */
  readonly root: Uint8Array;
  /** Pages to put, new or over an old one. No path occurs twice in the whole update. */
  readonly written: readonly (readonly [path: string, page: Uint8Array])[];
  /** Paths of pages to delete, all of which existed. */
  readonly removed: readonly string[];
}

/** A map store in memory, for tests, the simulator and light uses. */
export interface MemoryNodeStore extends MapNodeStore {
  apply(update: MapUpdate): void;
  readonly pages: ReadonlyMap<string, Uint8Array>;
}

/** An empty store in memory. */
export function memoryNodeStore(): MemoryNodeStore {
  const pages = new Map<string, Uint8Array>();
  return {
    pages,
    get: path => pages.get(path),
    apply: update => {
      for (const path of update.removed) pages.delete(path);
      for (const [path, page] of update.written) pages.set(path, page);
    },
  };
}
