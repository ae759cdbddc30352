/** Bytes that an entry takes besides its value, about. */
const OVERHEAD = 120;

/** Values by key, the least recently used dropped above a bound of bytes. */
export class ByteCache {
  readonly #limit: number;
  /** In order of use: a Map keeps the order of insertion. */
  readonly #values = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes held, keys and overhead included. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Uint8Array | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: Uint8Array): void {
    this.delete(key);
    this.#values.set(key, value);
    this.#bytes += cost(key, value);
    for (const [oldest, dropped] of this.#values) {
      if (this.#bytes <= this.#limit) break;
      this.#values.delete(oldest);
      this.#bytes -= cost(oldest, dropped);
    }
  }

  delete(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    this.#bytes -= cost(key, value);
  }
}

function cost(key: string, value: Uint8Array): number {
  return key.length + value.length + OVERHEAD;
}
