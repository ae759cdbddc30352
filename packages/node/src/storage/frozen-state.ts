import { type Hasher, type MapNodeStore, mapChildren, mapPairs } from '@qifeng/core';
import type { FrozenState, Head, StateEntry } from '../ports/ledger-store.ts';
import { StorageError } from './errors.ts';
import type { View } from './key-value.ts';
import type { FrozenPages } from './old-pages.ts';
import { readPage } from './page-repository.ts';
import { readValue } from './state-repository.ts';

/** The state by its frozen pages, and by its values, which are never overwritten. */
export function frozenState(
  visible: () => View,
  frozen: FrozenPages,
  head: Head,
  hasher: Hasher,
): FrozenState {
  let open = true;
  const view: View = {
    get(key) {
      if (!open) throw new StorageError('store-failed', 'the frozen state was released');
      return visible().get(key);
    },
  };
  const pages: MapNodeStore = { get: path => frozen.old(view, path) ?? readPage(view, path) };
  return {
    head,
    children: path => mapChildren(pages, path),
    values(path, { count, bytes }) {
      const pairs = mapPairs(pages, path, count);
      if (pairs === undefined) return null;
      const values: StateEntry[] = [];
      let total = 0;
      for (const pair of pairs) {
        const { name, value } = readValue(view, hasher, pair);
        total += name.length + value.length;
        // One value is never too large: it could not be split.
        if (total > bytes && values.length > 0) return null;
        values.push({ name, value });
      }
      return values;
    },
    release() {
      if (open) frozen.release();
      open = false;
    },
  };
}
