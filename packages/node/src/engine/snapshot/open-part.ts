import {
  equalBytes,
  foldChildren,
  foldPairs,
  type Hasher,
  MAP_PATH_DIGITS,
  type MapHash,
  type MapPart,
  type Result,
} from '@qifeng/core';
import type { StateEntry } from '../../ports/ledger-store.ts';
import type { StatePart } from '../wire/snapshots.ts';

/** A part that is wanted: where it stands in the map, and the hash that the part above it gave. */
export interface Task {
  readonly path: string;
  readonly hash: Uint8Array;
}

/** What a part brought: values, or the parts below it, in order of path. */
export interface OpenedPart {
  readonly values: readonly StateEntry[];
  readonly below: readonly Task[];
}

/** Opens what is said to be the part of a task; null if it is another one, in any way. */
export function openPart(
  map: MapHash,
  hasher: Hasher,
  { path, hash }: Task,
  { children, values }: StatePart,
): OpenedPart | null {
  if ((children === null) === (values === null)) return null;
  if (values !== null) {
    const pairs = values.map(({ name, value }) => ({
      key: hasher.digest(name),
      valueHash: hasher.digest(value),
    }));
    return isPart(foldPairs(map, path, pairs), hash) ? { values, below: [] } : null;
  }
  if (path.length >= MAP_PATH_DIGITS) return null;
  const parts = children!.map((child): MapPart => {
    if (child === null) return null;
    return child.key === null
      ? { kind: 'inner', hash: child.hash.slice() }
      : { kind: 'leaf', key: child.key.slice(), valueHash: child.hash.slice() };
  });
  if (!isPart(foldChildren(map, path, parts), hash)) return null;
  const below = parts.flatMap((part, i): Task[] => {
    if (part === null) return [];
    const at = path + i.toString(16);
    if (part.kind === 'inner') return [{ path: at, hash: part.hash }];
    const lone = foldPairs(map, at, [part]);
    return lone.ok ? [{ path: at, hash: lone.value }] : [];
  });
  return { values: [], below };
}

/** Whether what was folded is the part with this hash, and no other. */
function isPart(folded: Result<Uint8Array>, hash: Uint8Array): boolean {
  return folded.ok && equalBytes(folded.value, hash);
}
