import { HASH_LENGTH } from '../crypto/hasher.ts';
import { equalBytes } from '../encoding/bytes.ts';
import { ok, type Result } from '../encoding/result.ts';
import type { LogHash } from '../merkle/log-hash.ts';
import { verifyInclusion } from '../merkle/log-verify.ts';

/** That `leafHash` is leaf `index` of a certain tree. Faults: those of `verifyInclusion`. */
export type Inclusion = (leafHash: Uint8Array, index: number, path: readonly Uint8Array[]) => Result<void>;

/** Inclusion in one tree without a memory. */
export function plainTree(hash: LogHash, size: number, root: Uint8Array): Inclusion {
  return (leafHash, index, path) => verifyInclusion(hash, leafHash, index, size, path, root);
}

/** A node that an accepted path went through: what it then took, and where that led. */
interface Node {
  readonly hash: Uint8Array;
  /** The path's hash used on this node; null at the root. */
  readonly sibling: Uint8Array | null;
  readonly parent: Node | null;
}

/** One step of a path before it is known whether the path is accepted. */
interface Step {
  readonly level: number;
  readonly position: number;
  readonly hash: Uint8Array;
}

/**
 * Inclusion in one tree, remembering the nodes of accepted paths: paths of one tree share most of theirs, so that a
 * thousandth leaf costs two hashes instead of ten or twenty.
 *
 * The verdict is that of `verifyInclusion`. A path is accepted early only at a node where an accepted one stood with the
 * same hash and from which both go on with the same siblings, byte for byte: what would be computed from there is what
 * was computed then. Whatever else is found is left to `verifyInclusion`.
 */
export class KnownTree {
  readonly #hash: LogHash;
  readonly #size: number;
  readonly #root: Uint8Array;
  readonly #capacity: number;
  #levels: Map<number, Node>[] = [];
  #count = 0;

  constructor(hash: LogHash, size: number, root: Uint8Array, capacity: number) {
    this.#hash = hash;
    this.#size = size;
    this.#root = root.slice();
    this.#capacity = capacity;
  }

  /** That `leafHash` is leaf `index`. Faults: those of `verifyInclusion`. */
  verify(leafHash: Uint8Array, index: number, path: readonly Uint8Array[]): Result<void> {
    if (index < this.#size && this.#accepts(leafHash, index, path)) return ok(undefined);
    return verifyInclusion(this.#hash, leafHash, index, this.#size, path, this.#root);
  }

  /** The loop of `rootFromInclusion`, which may end where it meets a known node. */
  #accepts(leafHash: Uint8Array, index: number, path: readonly Uint8Array[]): boolean {
    const steps: Step[] = [];
    let hash = leafHash;
    let level = 0;
    let position = index;
    let last = this.#size - 1;
    for (let i = 0; ; i++) {
      const known = this.#levels[level]?.get(position);
      if (known !== undefined) {
        if (!equalBytes(known.hash, hash) || !goesOn(known, path, i)) return false;
        this.#learn(steps, path, known);
        return true;
      }
      if (i === path.length) {
        if (last !== 0 || !equalBytes(hash, this.#root)) return false;
        steps.push({ level, position, hash });
        this.#learn(steps, path, null);
        return true;
      }
      const sibling = path[i]!;
      if (last === 0 || sibling.length !== HASH_LENGTH) return false;
      steps.push({ level, position, hash });
      if (position % 2 === 1 || position === last) {
        hash = this.#hash.node(sibling, hash);
        while (position % 2 === 0 && position > 0) {
          position /= 2;
          last = Math.floor(last / 2);
          level++;
        }
      } else {
        hash = this.#hash.node(hash, sibling);
      }
      position = Math.floor(position / 2);
      last = Math.floor(last / 2);
      level++;
    }
  }

  /** Remembers the steps of an accepted path up to `end`, or up to the root. */
  #learn(steps: readonly Step[], path: readonly Uint8Array[], end: Node | null): void {
    if (this.#count + steps.length > this.#capacity) {
      this.#levels = [];
      this.#count = 0;
    }
    let parent = end;
    // Not the leaf itself, which no other path goes through.
    for (let i = steps.length - 1; i > 0; i--) {
      this.#count++;
      const { level, position, hash } = steps[i]!;
      parent = { hash, sibling: path[i]?.slice() ?? null, parent }; // a view would keep its receipt
      while (this.#levels.length <= level) this.#levels.push(new Map());
      this.#levels[level]!.set(position, parent);
    }
  }
}

/** Whether `path` from its hash `at` on has the siblings that the accepted path through `node` had. */
function goesOn(node: Node, path: readonly Uint8Array[], at: number): boolean {
  let next: Node | null = node;
  for (let i = at; ; i++) {
    const sibling: Uint8Array | null | undefined = next?.sibling;
    if (sibling === null || sibling === undefined) return i === path.length;
    if (i === path.length || !equalBytes(sibling, path[i]!)) return false;
    next = next!.parent;
  }
}
