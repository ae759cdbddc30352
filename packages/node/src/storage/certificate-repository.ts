import { BUCKET, numberKey, readNumber } from './buckets.ts';
import type { KeyValue, View } from './key-value.ts';
import { read, readPresent, type SealedBatch } from './sealed.ts';

/** Heights in one bitmap. */
const SPAN = 1024;

/** A stored certificate with its height. */
export interface StoredCertificate {
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** Certificates by height, with bitmaps of the heights that have one, so that the next one is found by point reads. */
export class CertificateRepository {
  readonly #view: View;
  #last: number | null;
  /** Bitmaps of the batch under way, which the store does not show yet. */
  readonly #staged = new Map<number, Uint8Array>();

  constructor(view: View, last: number | null) {
    this.#view = view;
    this.#last = last;
  }

  stage(batch: SealedBatch, height: number, bytes: Uint8Array): void {
    const span = Math.floor(height / SPAN);
    const map = this.#staged.get(span) ?? this.#map(span)?.slice() ?? new Uint8Array(SPAN / 8);
    map[(height % SPAN) >> 3]! |= 1 << (height & 7);
    this.#staged.set(span, map);
    batch.put(numberKey(BUCKET.certificate, height), bytes);
    batch.put(numberKey(BUCKET.certificateMap, span), map);
  }

  /** Stages the log line of the checkpoint of a height. */
  stageLogLine(batch: SealedBatch, height: number, bytes: Uint8Array): void {
    batch.put(numberKey(BUCKET.logLine, height), bytes);
  }

  /** The log line of the checkpoint of a height that was stored, or null. */
  logLine(height: number): Uint8Array | null {
    return read(this.#view, numberKey(BUCKET.logLine, height));
  }

  applied(height: number): void {
    this.#staged.clear();
    this.#last = Math.max(this.#last ?? 0, height);
  }

  /** The lowest at or above a height, or null. */
  from(height: number): StoredCertificate | null {
    const last = this.#last;
    for (let at = height; last !== null && at <= last; at = (Math.floor(at / SPAN) + 1) * SPAN) {
      const map = this.#map(Math.floor(at / SPAN));
      for (let bit = at % SPAN; map !== null && bit < SPAN; bit++)
        if ((map[bit >> 3]! >> (bit & 7)) & 1) return this.#read(at - (at % SPAN) + bit);
    }
    return null;
  }

  /** The highest, or null. */
  last(): StoredCertificate | null {
    return this.#last === null ? null : this.#read(this.#last);
  }

  #map(span: number): Uint8Array | null {
    return read(this.#view, numberKey(BUCKET.certificateMap, span));
  }

  #read(height: number): StoredCertificate {
    const key = numberKey(BUCKET.certificate, height);
    return { height, bytes: readPresent(this.#view, key, `certificate ${height}`) };
  }
}

/** The certificates of a store. */
export async function loadCertificates(store: KeyValue): Promise<CertificateRepository> {
  let last: number | null = null;
  for await (const stored of store.keys(BUCKET.certificateMap)) {
    const map = readPresent(store, stored, 'a bitmap of certificates');
    for (let bit = 0; bit < SPAN; bit++)
      if ((map[bit >> 3]! >> (bit & 7)) & 1) last = readNumber(stored, 1) * SPAN + bit;
  }
  return new CertificateRepository(store, last);
}
