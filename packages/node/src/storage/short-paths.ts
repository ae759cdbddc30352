/** Nibbles of the longest path that is held: a map of a million names has few pages below. */
const LONGEST = 5;
/** Number of the first path of so many nibbles: those of fewer come before. */
const FIRST = Array.from({ length: LONGEST + 2 }, (_, nibbles) => (16 ** nibbles - 1) / 15);

/** A set of paths of pages of the map, for those of at most five nibbles: a bit each, 140 KB whatever it holds. */
export class ShortPaths {
  readonly #bits = new Uint8Array(Math.ceil(FIRST[LONGEST + 1]! / 8));

  /** Whether a path can be in the set: not if it is longer. */
  takes(path: string): boolean {
    return path.length <= LONGEST;
  }

  /** Nothing is done with a path that the set does not take. */
  add(path: string): void {
    if (!this.takes(path)) return;
    const number = numberOf(path);
    this.#bits[number >> 3]! |= 1 << (number & 7);
  }

  has(path: string): boolean {
    if (!this.takes(path)) return false;
    const number = numberOf(path);
    return (this.#bits[number >> 3]! & (1 << (number & 7))) !== 0;
  }

  clear(): void {
    this.#bits.fill(0);
  }
}

function numberOf(path: string): number {
  return FIRST[path.length]! + (path === '' ? 0 : Number.parseInt(path, 16));
}
