/** Bytes that an entry takes besides its value, about: the map's place, the array object and its buffer. */
const OVERHEAD = 250;

/**
 * Values by key, those not used for longest dropped above a bound of bytes. Two generations of half the bound each: what
 * is used moves to the young one, and when that is full the old one goes. One map operation for a hit, where an exact
 * order of use takes three.
 */
export class ByteCache {
  readonly #half: number;
  #young = new Map<string, Uint8Array>();
  #old = new Map<string, Uint8Array>();
  #youngBytes = 0;
  #oldBytes = 0;

  constructor(limit: number) {
    this.#half = limit / 2;
  }

  /** Bytes held, keys and overhead included; a value used in both generations counts twice. */
  get bytes(): number {
    return this.#youngBytes + this.#oldBytes;
  }

  get(key: string): Uint8Array | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const value = this.#old.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: Uint8Array): void {
    const held = this.#young.get(key);
    if (held !== undefined) this.#youngBytes -= cost(key, held);
    this.#young.set(key, value);
    this.#youngBytes += cost(key, value);
    if (this.#youngBytes <= this.#half) return;
    [this.#old, this.#oldBytes] = [this.#young, this.#youngBytes];
    [this.#young, this.#youngBytes] = [new Map(), 0];
  }

  delete(key: string): void {
    for (const generation of [this.#young, this.#old]) {
      const value = generation.get(key);
      if (value === undefined) continue;
      generation.delete(key);
      if (generation === this.#young) this.#youngBytes -= cost(key, value);
      else this.#oldBytes -= cost(key, value);
    }
  }
}

function cost(key: string, value: Uint8Array): number {
  return key.length + value.length + OVERHEAD;
}
