import { HASH_LENGTH } from '../crypto/hasher.ts';
import { equalBytes } from '../encoding/bytes.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import type { LogHash } from './log-hash.ts';
import { bitLength, isCount } from './log-shape.ts';

/**
 * The root that leaf `index` of a tree of `size` leaves has by its audit path (RFC 9162 section 2.1.3.2).
 * Faults: `bad-tree-size`, `bad-leaf-index`, `bad-hash-length`, `bad-path-length`.
 *
 * The size decides only the shape: sizes in which the leaf's path has the same turns give the same root. What binds
 * a size to a root is the signed checkpoint.
 */
export function rootFromInclusion(
  hash: LogHash,
  leafHash: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Result<Uint8Array> {
  if (!isCount(size)) return refuse('bad-tree-size', `a tree cannot have ${size} leaves`);
  if (!isCount(index) || index >= size)
    return refuse('bad-leaf-index', `no leaf ${index} in a tree of ${size}`);
  if (leafHash.length !== HASH_LENGTH)
    return refuse('bad-hash-length', `leaf hash of ${leafHash.length} bytes`);
  const root = leafHash.slice();
  let fn = index;
  let sn = size - 1;
  for (const [i, sibling] of path.entries()) {
    if (sibling.length !== HASH_LENGTH)
      return refuse('bad-hash-length', `path hash ${i} has ${sibling.length} bytes`);
    if (sn === 0) return refuse('bad-path-length', `only ${i} of ${path.length} path hashes fit the tree`);
    if (fn % 2 === 1 || fn === sn) {
      hash.nodeInto(sibling, root, root, 0);
      while (fn % 2 === 0 && fn > 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      hash.nodeInto(root, sibling, root, 0);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  if (sn > 0) return refuse('bad-path-length', `${path.length} path hashes end below the root`);
  return ok(root);
}

/** That `leafHash` is leaf `index` under `root`. Faults: those of `rootFromInclusion`, and `root-mismatch`. */
export function verifyInclusion(
  hash: LogHash,
  leafHash: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): Result<void> {
  if (root.length !== HASH_LENGTH) return refuse('bad-hash-length', `root of ${root.length} bytes`);
  const found = rootFromInclusion(hash, leafHash, index, size, path);
  if (!found.ok) return found;
  if (!equalBytes(found.value, root)) return refuse('root-mismatch', `leaf ${index} is not under this root`);
  return ok(undefined);
}

/**
 * That the tree of `newSize` leaves under `newRoot` begins with the tree of `oldSize` leaves under `oldRoot`
 * (RFC 9162 section 2.1.4.2). Nothing is shown by an empty old tree, so `oldSize` 0 is refused, as the RFC leaves it
 * undefined. Faults: `bad-tree-size`, `bad-hash-length`, `bad-path-length`, `old-root-mismatch`, `root-mismatch`.
 */
export function verifyConsistency(
  hash: LogHash,
  oldSize: number,
  newSize: number,
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  path: readonly Uint8Array[],
): Result<void> {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize === 0 || oldSize > newSize) {
    return refuse('bad-tree-size', `no consistency from ${oldSize} to ${newSize} leaves`);
  }
  for (const [i, bytes] of [oldRoot, newRoot, ...path].entries()) {
    if (bytes.length !== HASH_LENGTH) return refuse('bad-hash-length', `${bytes.length} bytes in hash ${i}`);
  }
  if (oldSize === newSize) {
    if (path.length > 0) return refuse('bad-path-length', 'equal sizes need no path');
    if (!equalBytes(oldRoot, newRoot)) return refuse('root-mismatch', 'equal sizes with different roots');
    return ok(undefined);
  }
  if (path.length === 0) return refuse('bad-path-length', 'different sizes need a path');
  const isPower = oldSize === 2 ** (bitLength(oldSize) - 1);
  const first = isPower ? oldRoot : path[0]!;
  const oldFound = first.slice();
  const newFound = first.slice();
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  for (let i = isPower ? 0 : 1; i < path.length; i++) {
    const sibling = path[i]!;
    if (sn === 0) return refuse('bad-path-length', `only ${i} of ${path.length} path hashes fit the trees`);
    if (fn % 2 === 1 || fn === sn) {
      hash.nodeInto(sibling, oldFound, oldFound, 0);
      hash.nodeInto(sibling, newFound, newFound, 0);
      while (fn % 2 === 0 && fn > 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      hash.nodeInto(newFound, sibling, newFound, 0);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  if (sn > 0) return refuse('bad-path-length', `${path.length} path hashes end below the root`);
  if (!equalBytes(oldFound, oldRoot))
    return refuse('old-root-mismatch', `the first ${oldSize} leaves differ`);
  if (!equalBytes(newFound, newRoot))
    return refuse('root-mismatch', `not the root of ${newSize} such leaves`);
  return ok(undefined);
}
