import { HASH_LENGTH } from '../crypto/hasher.ts';
import { invariant } from '../encoding/result.ts';
import type { MapHash } from './map-hash.ts';
import {
  EMPTY,
  foldKinds,
  INNER,
  innerMask,
  LEAF,
  LEAF_SIZE,
  leafAt,
  leafMask,
  type MapSlot,
  PAGE_HEADER,
  PAGE_SLOTS,
  writeLeaf,
} from './map-page.ts';
import type { MapLeaf } from './map-store.ts';

/** Where the hash of a node is: nowhere yet, in the loaded page, or in the heap. */
const [UNKNOWN, STORED, HASHED] = [0, 1, 2];
const EMPTY_PAGE = new Uint8Array(PAGE_HEADER);

/**
 * One page at a time as a binary heap: node 1 is its top, 2i and 2i + 1 the children of i, 16 to 31 its slots. Made to be
 * used again; the one place that knows how subtrees collapse. A node is hashed when it is asked for and not known.
 */
export class FoldedPage {
  /** EMPTY, LEAF or INNER of nodes 1..31. */
  readonly kinds = new Uint8Array(2 * PAGE_SLOTS);
  readonly #hash: MapHash;
  readonly #whereabouts = new Uint8Array(2 * PAGE_SLOTS);
  /** Hash of node i at [32 i, 32 i + 32), if it is HASHED. */
  readonly #hashes = new Uint8Array(2 * PAGE_SLOTS * HASH_LENGTH);
  /** Offsets in the loaded page of what it has of the nodes. */
  readonly #offsets = new Uint16Array(2 * PAGE_SLOTS);
  /** Slots that were set since the page was loaded. */
  readonly #set: (MapSlot | undefined)[] = new Array(PAGE_SLOTS).fill(undefined);
  #page = EMPTY_PAGE as Uint8Array;

  constructor(hash: MapHash) {
    this.#hash = hash;
  }

  /** Takes a page, or with undefined sixteen empty slots. A malformed page is a broken store, so it throws. */
  load(page: Uint8Array = EMPTY_PAGE): void {
    const { kinds } = this;
    this.#page = page;
    this.#whereabouts.fill(UNKNOWN);
    this.#set.fill(undefined);
    kinds.fill(EMPTY);
    invariant(page.length >= PAGE_HEADER, 'a map page has a header');
    const [leaves, inners] = [leafMask(page), innerMask(page)];
    invariant((leaves & inners) === 0, 'a slot of a map page is a leaf or an inner node');
    let at = PAGE_HEADER;
    for (let i = PAGE_SLOTS; i < 2 * PAGE_SLOTS; i++) {
      const bit = 1 << (i - PAGE_SLOTS);
      if (leaves & bit) {
        kinds[i] = LEAF;
        this.#offsets[i] = at;
        at += LEAF_SIZE;
      } else if (inners & bit) at = this.#stored(i, at);
    }
    foldKinds(kinds);
    for (let i = 2; i < PAGE_SLOTS; i++) if (kinds[i] === INNER) at = this.#stored(i, at);
    invariant(at === page.length, 'a map page is as long as its slots');
  }

  /** Puts another slot; `fold` has to follow before anything is read. */
  set(i: number, slot: MapSlot): void {
    const node = PAGE_SLOTS + i;
    this.#set[i] = slot;
    this.kinds[node] = slot === null ? EMPTY : slot.kind === 'leaf' ? LEAF : INNER;
    for (let above = node; above > 0; above >>= 1) this.#whereabouts[above] = UNKNOWN;
    if (slot?.kind !== 'inner') return;
    this.#hashes.set(slot.hash, node * HASH_LENGTH);
    this.#whereabouts[node] = HASHED;
  }

  /** Works out the kinds of all nodes from those of the slots. */
  fold(): void {
    foldKinds(this.kinds);
  }

  /** The pair in slot `i`, which must hold one. */
  leaf(i: number): MapLeaf {
    const slot = this.#set[i];
    if (slot === undefined) return leafAt(this.#page, this.#offsets[PAGE_SLOTS + i]!);
    invariant(slot?.kind === 'leaf', 'the slot holds a leaf');
    return slot;
  }

  /** The slot of the only pair under `node`. */
  slotOfLone(node: number): number {
    let at = node;
    while (at < PAGE_SLOTS) at = 2 * at + (this.kinds[2 * at] === EMPTY ? 1 : 0);
    return at - PAGE_SLOTS;
  }

  /** A copy of the hash of a node. */
  hashOf(node: number): Uint8Array {
    this.#settle(node);
    return this.#hashes.slice(node * HASH_LENGTH, (node + 1) * HASH_LENGTH);
  }

  /** The bytes of the page. */
  encode(): Uint8Array {
    const { kinds } = this;
    this.#settle(1);
    let [leaves, inners] = [0, 0];
    let length = PAGE_HEADER;
    for (let i = 2; i < 2 * PAGE_SLOTS; i++) {
      const kind = kinds[i]!;
      if (kind === INNER) length += HASH_LENGTH;
      if (i < PAGE_SLOTS) continue;
      if (kind === LEAF) {
        leaves |= 1 << (i - PAGE_SLOTS);
        length += LEAF_SIZE;
      } else if (kind === INNER) inners |= 1 << (i - PAGE_SLOTS);
    }
    const page = new Uint8Array(length);
    page[0] = leaves >> 8;
    page[1] = leaves;
    page[2] = inners >> 8;
    page[3] = inners;
    const copier = new RunCopier(this.#page, page);
    for (let i = PAGE_SLOTS; i < 2 * PAGE_SLOTS; i++) {
      const slot = this.#set[i - PAGE_SLOTS];
      if (kinds[i] === INNER) this.#give(i, copier);
      else if (slot !== undefined && slot !== null) writeLeaf(page, copier.skip(LEAF_SIZE), slot as MapLeaf);
      else if (kinds[i] === LEAF) copier.take(this.#offsets[i]!, LEAF_SIZE);
    }
    for (let i = 2; i < PAGE_SLOTS; i++) if (kinds[i] === INNER) this.#give(i, copier);
    copier.flush();
    return page;
  }

  /** Sees to it that the hash of a node is in the heap. */
  #settle(node: number): void {
    const where = this.#whereabouts[node];
    if (where === HASHED) return;
    this.#whereabouts[node] = HASHED;
    const at = node * HASH_LENGTH;
    const kind = this.kinds[node];
    if (where === STORED) copy(this.#page, this.#offsets[node]!, this.#hashes, at, HASH_LENGTH);
    else if (kind === EMPTY) this.#hashes.fill(0, at, at + HASH_LENGTH);
    else if (kind === LEAF) {
      // A lone pair stands for all subtrees that hold nothing else.
      const { key, valueHash } = this.leaf(this.slotOfLone(node));
      this.#hash.leafInto(key, valueHash, this.#hashes, at);
    } else {
      this.#settle(2 * node);
      this.#settle(2 * node + 1);
      this.#hash.pairInto(this.#hashes, 2 * at, this.#hashes, at);
    }
  }

  #stored(node: number, at: number): number {
    this.kinds[node] = INNER;
    this.#whereabouts[node] = STORED;
    this.#offsets[node] = at;
    return at + HASH_LENGTH;
  }

  #give(node: number, copier: RunCopier): void {
    if (this.#whereabouts[node] === STORED) copier.take(this.#offsets[node]!, HASH_LENGTH);
    else copy(this.#hashes, node * HASH_LENGTH, copier.to, copier.skip(HASH_LENGTH), HASH_LENGTH);
  }
}

/** Makes the new bytes of a page: what it has in common with the old ones is copied in runs as long as may be. */
class RunCopier {
  readonly to: Uint8Array;
  readonly #from: Uint8Array;
  #start = 0;
  #end = 0;
  #at = PAGE_HEADER;

  constructor(from: Uint8Array, to: Uint8Array) {
    this.#from = from;
    this.to = to;
  }

  /** Copies `length` bytes from `offset` of the old page to the next place in the new one, sooner or later. */
  take(offset: number, length: number): void {
    if (offset !== this.#end) {
      this.flush();
      this.#start = offset;
    }
    this.#end = offset + length;
  }

  /** The next place in the new page, which the caller fills. */
  skip(length: number): number {
    this.flush();
    const at = this.#at;
    this.#at += length;
    return at;
  }

  /** Copies what was only noted. */
  flush(): void {
    if (this.#end > this.#start) this.to.set(this.#from.subarray(this.#start, this.#end), this.#at);
    this.#at += this.#end - this.#start;
    this.#start = this.#end;
  }
}

/** Faster than `set` of a view for a few dozen bytes (measured). */
function copy(from: Uint8Array, start: number, to: Uint8Array, at: number, length: number): void {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i]!;
}
