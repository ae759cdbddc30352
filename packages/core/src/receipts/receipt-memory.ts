import { ExactMemory } from '../encoding/exact-memory.ts';
import type { LogHash } from '../merkle/log-hash.ts';
import type { SubmissionHeader } from '../records/submission.ts';
import type { Head } from './head.ts';
import { type Inclusion, KnownTree } from './known-tree.ts';
import type { ReceiptExtra } from './receipt.ts';

/** Notes of checkpoints remembered, and submissions: with full trees, some 25 MB in all. */
const HEADS = 16;
const SUBMISSIONS = 64;
/** Nodes remembered of the paths to one root: a submission's 1,024 entries have 1,023. */
const NODES = 2048;

/** A note whose every line was verified. */
export interface KnownHead extends Head {
  /** Inclusion under the checkpoint's root. */
  readonly leaves: Inclusion;
}

/** A header that its publisher signed, for this chain. */
export interface KnownSubmission {
  readonly header: SubmissionHeader;
  readonly id: Uint8Array;
  /** Inclusion under the header's root. */
  readonly entries: Inclusion;
}

/**
 * What one verifier has found right about the parts that receipts share. Only what passed every check is kept, under all the
 * bytes that were checked: the whole note, or the header and its signature. A verdict on the same bytes by the same keys
 * is the same verdict, and a flipped byte, in whatever line, finds nothing. Chain, suite and witnesses are not part of
 * the key, so a memory belongs to one verifier.
 */
export class ReceiptMemory {
  readonly #heads = new ExactMemory<KnownHead>(HEADS);
  readonly #submissions = new ExactMemory<KnownSubmission>(SUBMISSIONS);
  readonly #hash: LogHash;

  constructor(hash: LogHash) {
    this.#hash = hash;
  }

  head(note: Uint8Array): KnownHead | undefined {
    return this.#heads.recall(note);
  }

  keepHead(note: Uint8Array, head: Head): KnownHead {
    const known = { ...head, leaves: this.#tree(head.checkpoint.size, head.checkpoint.root) };
    this.#heads.keep(known, note);
    return known;
  }

  submission({ header, signature }: ReceiptExtra): KnownSubmission | undefined {
    return this.#submissions.recall(header, signature);
  }

  keepSubmission(extra: ReceiptExtra, header: SubmissionHeader, id: Uint8Array): KnownSubmission {
    const known = { header, id, entries: this.#tree(header.count, header.root) };
    this.#submissions.keep(known, extra.header, extra.signature);
    return known;
  }

  #tree(size: number, root: Uint8Array): Inclusion {
    const tree = new KnownTree(this.#hash, size, root, NODES);
    return (leafHash, index, path) => tree.verify(leafHash, index, path);
  }
}
