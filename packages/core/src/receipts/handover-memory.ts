import { equalBytes } from '../encoding/bytes.ts';
import type { EpochSet } from '../ledger/epoch-set.ts';

/** Handovers of one epoch remembered: the same one, with the q cosignatures of different nodes. */
const VARIANTS = 8;

/** A handover that was verified, and what it leads to. */
export interface KnownHandover {
  /** Its canonical bytes, a copy. */
  readonly bytes: Uint8Array;
  /** H(text) of its checkpoint. */
  readonly textHash: Uint8Array;
  readonly next: EpochSet;
}

/**
 * Handovers that one verifier found true, so that receipts which share them cost no signatures but their own. Found
 * again by the set they hand over from and by all their bytes; a flipped byte finds nothing. Only what passed every check
 * is kept, so nobody without a quorum's keys can fill it. A memory belongs to one chain and suite; pins are no part of it.
 */
export class HandoverMemory {
  readonly #after = new Map<EpochSet, KnownHandover[]>();
  #first: EpochSet | null = null;

  /** The same object for the genesis set each time, as sets are found by identity. */
  first(make: () => EpochSet): EpochSet {
    this.#first ??= make();
    return this.#first;
  }

  recall(set: EpochSet, bytes: Uint8Array): KnownHandover | undefined {
    return this.#after.get(set)?.find(known => equalBytes(known.bytes, bytes));
  }

  /** Keeps a verified handover, and gives back what later ones are to be looked up under. */
  keep(set: EpochSet, known: KnownHandover): KnownHandover {
    const others = this.#after.get(set) ?? [];
    // Which q of the set signed changes nothing about what they signed: one set is one object.
    const same = others.find(other => equalBytes(other.textHash, known.textHash));
    const kept = same === undefined ? known : { ...known, next: same.next };
    this.#after.set(set, [...others, kept].slice(-VARIANTS));
    return kept;
  }
}
