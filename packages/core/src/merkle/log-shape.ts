// The shape of an RFC 6962 tree as numbers only. Sizes are safe integers: `%`, `/` and powers of two are exact on
// them, 32-bit operators are not.

/** A half-open range of leaves, `start` to `end - 1`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** True iff `n` can be a tree size or a leaf index: a safe integer, not negative. */
export function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

/** Number of binary digits of `n`; 0 for 0. */
export function bitLength(n: number): number {
  return n < 2 ** 32 ? 32 - Math.clz32(n) : 64 - Math.clz32(Math.floor(n / 2 ** 32));
}

/** The largest power of two smaller than `n`, `n` at least 2: the `k` of RFC 6962 section 2.1. */
export function splitOf(n: number): number {
  return 2 ** (bitLength(n - 1) - 1);
}

/** Sizes of the perfect subtrees that make up a tree of `n` leaves, left to right: the ones of `n`, high to low. */
export function perfectSizes(n: number): number[] {
  const sizes: number[] = [];
  for (let rest = n; rest > 0; ) {
    const size = 2 ** (bitLength(rest) - 1);
    sizes.push(size);
    rest -= size;
  }
  return sizes;
}

/**
 * The subtrees whose hashes are the audit path of leaf `index` in a tree of `size` leaves, leaf side first:
 * PATH of RFC 6962 section 2.1.1. `index < size`.
 */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  return ranges.reverse();
}

/**
 * The subtrees whose hashes are the consistency proof from `oldSize` to `newSize` leaves, leaf side first: PROOF of
 * RFC 6962 section 2.1.2. `0 < oldSize <= newSize`.
 */
export function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = newSize;
  while (oldSize < end) {
    const middle = start + splitOf(end - start);
    if (oldSize <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  // Left of every step the old tree itself is this subtree, which the verifier already has.
  if (start > 0) ranges.push({ start, end });
  return ranges.reverse();
}
