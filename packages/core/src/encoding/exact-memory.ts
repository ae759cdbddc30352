interface Kept<T> {
  readonly parts: readonly Uint8Array[];
  readonly value: T;
}

/** Bytes at the end of the last part that a place in the memory follows from. */
const SAMPLE = 8;

/**
 * Values worked out from bytes, found again by exactly those bytes: part by part every byte is compared, so nothing that
 * differs in one is ever taken for what is kept. Where an entry stands follows from a few bytes only, so those who craft
 * the bytes can push entries out, no more. Of `capacity` entries the one kept longest ago goes first.
 */
export class ExactMemory<T> {
  readonly #kept = new Map<number, Kept<T>>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** What was kept for these very parts. */
  recall(...parts: readonly Uint8Array[]): T | undefined {
    const found = this.#kept.get(placeOf(parts));
    if (found === undefined || found.parts.length !== parts.length) return undefined;
    for (let i = 0; i < parts.length; i++) if (!same(found.parts[i]!, parts[i]!)) return undefined;
    return found.value;
  }

  /** Keeps a value for copies of these parts. */
  keep(value: T, ...parts: readonly Uint8Array[]): void {
    const place = placeOf(parts);
    this.#kept.delete(place); // and in again at the end: a Map keeps insertion order
    this.#kept.set(place, { parts: parts.map(part => part.slice()), value });
    if (this.#kept.size > this.#capacity) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

/** FNV-1a of the last part's end. */
function placeOf(parts: readonly Uint8Array[]): number {
  const last = parts[parts.length - 1]!;
  let hash = 0x811c9dc5 ^ last.length;
  for (let i = Math.max(0, last.length - SAMPLE); i < last.length; i++)
    hash = Math.imul(hash ^ last[i]!, 0x01000193);
  return hash;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
