import { ExactMemory } from '@qifeng/core';

/** Keys remembered, well above any consortium's publishers in use: half a MB. */
const REMEMBERED = 4096;

/**
 * Verdicts on keys, sound or not. A publisher's key comes with every submission, and whether it is sound follows from its
 * 32 bytes alone: so it is checked once, which costs more than the signature does. Whoever sends ever new keys can push
 * others out, and only makes them be checked again.
 */
export class KnownKeys {
  readonly #verdicts: ExactMemory<boolean>;

  constructor(capacity = REMEMBERED) {
    this.#verdicts = new ExactMemory(capacity);
  }

  /** The verdicts on `keys`, in order; `check` is asked once about each that is not known. */
  async judge(
    keys: readonly Uint8Array[],
    check: (unknown: readonly Uint8Array[]) => Promise<readonly boolean[]>,
  ): Promise<readonly boolean[]> {
    const known = keys.map(key => this.#verdicts.recall(key));
    if (!known.includes(undefined)) return known as readonly boolean[];
    const unknown: Uint8Array[] = [];
    const places = new ExactMemory<number>(keys.length);
    const placeOf = keys.map((key, i) => {
      if (known[i] !== undefined) return -1;
      const place = places.recall(key) ?? unknown.length;
      if (place < unknown.length) return place;
      places.keep(place, key);
      // A copy: the verdict is kept for the bytes that are checked, whatever becomes of the caller's.
      unknown.push(key.slice());
      return place;
    });
    const verdicts = await check(unknown);
    for (const [i, key] of unknown.entries()) this.#verdicts.keep(verdicts[i]!, key);
    return known.map((verdict, i) => verdict ?? verdicts[placeOf[i]!]!);
  }
}
