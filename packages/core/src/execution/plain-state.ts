import type { Hasher } from '../crypto/hasher.ts';
import { compareBytes, concat, equalBytes } from '../encoding/bytes.ts';
import { decode } from '../encoding/codec.ts';
import { invariant } from '../encoding/result.ts';
import { stateName, submissionValueCodec } from '../records/state.ts';
import type { NamedValue, StateView } from './types.ts';

/** Submissions are remembered by the minute in which they expire. */
const MINUTE_MS = 60_000;
const SUBMISSION_NAME = stateName('submission', new Uint8Array(32)).length;

/**
 * A certified state in memory by its definitions, for whoever executes a ledger again: no code is shared with the pages of
 * the ledger. The root is that of the map as FORMATS has it; hashes of parts that did not change are kept.
 */
export class PlainState implements StateView {
  readonly #hasher: Hasher;
  /** By hash of the name. */
  readonly #values = new Map<Packed, Packed>();
  /** When the submissions expire that are remembered, by id. */
  readonly #replay = new Map<number, Map<Packed, number>>();
  #tree: Tree = null;

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  value(name: Uint8Array): Uint8Array | null {
    const value = this.#values.get(pack(this.#hasher.digest(name)));
    return value === undefined ? null : unpack(value);
  }

  expired(until: number): Uint8Array[] {
    const last = Math.floor(until / MINUTE_MS);
    return [...this.#replay]
      .flatMap(([minute, ids]) => (minute > last ? [] : [...ids]))
      .filter(([, expires]) => expires <= until)
      .map(([id, expires]) => ({ id: unpack(id), expires }))
      .sort((a, b) => a.expires - b.expires || compareBytes(a.id, b.id))
      .map(({ id }) => id);
  }

  root(): Uint8Array {
    return this.#tree === null ? new Uint8Array(32) : unpack(hashOf(this.#hasher, this.#tree));
  }

  /** Sets or deletes a value. */
  set(name: Uint8Array, value: Uint8Array | null): void {
    const digest = this.#hasher.digest(name);
    const key = pack(digest);
    if (isSubmission(name)) this.#remember(pack(name.slice(-32)), this.#values.get(key), value);
    if (value === null) {
      this.#tree = withPair(this.#tree, key, null);
      this.#values.delete(key);
      return;
    }
    const pair = concat(Uint8Array.of(0x10), digest, this.#hasher.digest(value));
    this.#tree = withPair(this.#tree, key, { key, hash: pack(this.#hasher.digest(pair)) });
    this.#values.set(key, pack(value));
  }

  /** Sets what a block changed. */
  apply(changes: Iterable<NamedValue>): void {
    for (const [name, value] of changes) this.set(name, value);
  }

  #remember(id: Packed, before: Packed | undefined, after: Uint8Array | null): void {
    if (before !== undefined) {
      const minute = Math.floor(expiresOf(unpack(before)) / MINUTE_MS);
      const ids = this.#replay.get(minute);
      ids?.delete(id);
      if (ids?.size === 0) this.#replay.delete(minute);
    }
    if (after === null) return;
    const expires = expiresOf(after);
    const minute = Math.floor(expires / MINUTE_MS);
    const ids = this.#replay.get(minute) ?? new Map<Packed, number>();
    this.#replay.set(minute, ids.set(id, expires));
  }
}

/** Bytes as a text with a character for each: small arrays take seven times the memory (measured). */
type Packed = string;

function pack(bytes: Uint8Array): Packed {
  if (bytes.length <= PACKED_AT_ONCE) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  return pack(bytes.subarray(0, PACKED_AT_ONCE)) + pack(bytes.subarray(PACKED_AT_ONCE));
}

/** Arguments of one call at most. */
const PACKED_AT_ONCE = 8192;

function unpack(text: Packed): Uint8Array {
  const bytes = new Uint8Array(text.length);
  unpackInto(bytes, text, 0);
  return bytes;
}

function unpackInto(bytes: Uint8Array, text: Packed, at: number): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}

function isSubmission(name: Uint8Array): boolean {
  return name.length === SUBMISSION_NAME && equalBytes(name, stateName('submission', name.slice(-32)));
}

function expiresOf(value: Uint8Array): number {
  const memory = decode(submissionValueCodec, value);
  invariant(memory.ok, 'the replay memory decodes');
  return memory.value.expires;
}

type Tree = null | PairLeaf | Inner;

interface PairLeaf {
  readonly key: Packed;
  readonly hash: Packed;
}

interface Inner {
  readonly left: Tree;
  readonly right: Tree;
  /** Worked out when it is first asked for. */
  hash: Packed | null;
}

/** The tree after `leaf` took the place of what was under `key`, by the definition of the map (FORMATS, "State"). */
function withPair(tree: Tree, key: Packed, leaf: PairLeaf | null, depth = 0): Tree {
  if (tree === null) return leaf;
  if ('key' in tree) {
    if (tree.key === key) return leaf;
    if (leaf === null) return tree;
    const isLeft = bit(tree.key, depth) === 0;
    const alone: Inner = { left: isLeft ? tree : null, right: isLeft ? null : tree, hash: null };
    return withPair(alone, key, leaf, depth);
  }
  const isLeft = bit(key, depth) === 0;
  const left = isLeft ? withPair(tree.left, key, leaf, depth + 1) : tree.left;
  const right = isLeft ? tree.right : withPair(tree.right, key, leaf, depth + 1);
  if (left === null && (right === null || 'key' in right)) return right;
  if (right === null && left !== null && 'key' in left) return left;
  return { left, right, hash: null };
}

/** The hash of a subtree; an empty one is 32 zeros. */
function hashOf(hasher: Hasher, tree: PairLeaf | Inner): Packed {
  if ('key' in tree) return tree.hash;
  if (tree.hash !== null) return tree.hash;
  const bytes = new Uint8Array(65);
  bytes[0] = 0x11;
  if (tree.left !== null) unpackInto(bytes, hashOf(hasher, tree.left), 1);
  if (tree.right !== null) unpackInto(bytes, hashOf(hasher, tree.right), 33);
  tree.hash = pack(hasher.digest(bytes));
  return tree.hash;
}

function bit(key: Packed, depth: number): number {
  return (key.charCodeAt(depth >> 3) >> (7 - (depth & 7))) & 1;
}
