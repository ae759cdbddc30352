import { equalBytes, toHex } from '../encoding/bytes.ts';
import { encode } from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { type Checkpoint, formatCheckpoint } from '../ledger/checkpoint.ts';
import { leafCodec } from '../records/leaf.ts';
import type { VerifiedReceipt } from './verify.ts';

/**
 * Verified checkpoints and records that must all be of one history, as far as they show it by themselves: one text a height,
 * one root a size, one leaf an index, and neither log nor epoch goes back. Whether a longer log begins with a shorter one is
 * for a consistency proof, which needs tiles.
 */
export class OneLog {
  /** By height, ascending. */
  readonly #heads: Checkpoint[] = [];
  readonly #leaves = new Map<number, string>();

  /** What was taken, one a height, ascending. */
  get heads(): readonly Checkpoint[] {
    return this.#heads;
  }

  /**
   * Takes a verified checkpoint, and the record that was proven by it. Fault: `log-fork`, it excludes what was taken before,
   * and nothing of it is kept.
   */
  add(head: Checkpoint, record: Proven | null): Result<void> {
    const at = this.#placeOf(head.height);
    const flaw =
      headsFlaw(this.#heads[at - 1], head) ??
      headsFlaw(head, this.#heads[at]) ??
      (record === null ? null : this.#leafFlaw(record));
    if (flaw !== null) return refuse('log-fork', flaw);
    if (this.#heads[at - 1]?.height !== head.height) this.#heads.splice(at, 0, head);
    return ok(undefined);
  }

  /** How many of the checkpoints are not above `height`. */
  #placeOf(height: number): number {
    let [low, high] = [0, this.#heads.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#heads[middle]!.height <= height) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #leafFlaw({ index, leaf }: Proven): string | null {
    const text = toHex(encode(leafCodec, leaf));
    const known = this.#leaves.get(index);
    if (known !== undefined && known !== text) return `index ${index} holds two records`;
    this.#leaves.set(index, text);
    return null;
  }
}

type Proven = Pick<VerifiedReceipt, 'index' | 'leaf'>;

/** How two checkpoints, the first not the higher one, exclude each other by what they say alone; null if they do not. */
function headsFlaw(low: Checkpoint | undefined, high: Checkpoint | undefined): string | null {
  if (low === undefined || high === undefined) return null;
  if (low.height === high.height)
    return formatCheckpoint(low) === formatCheckpoint(high)
      ? null
      : `block ${low.height} has two checkpoints`;
  const [from, to] = [`block ${low.height}`, `block ${high.height}`];
  if (low.size > high.size) return `the log has ${low.size} records at ${from} and ${high.size} at ${to}`;
  if (low.epoch > high.epoch) return `${from} is of epoch ${low.epoch} and ${to} of ${high.epoch}`;
  if (low.size === high.size && !equalBytes(low.root, high.root))
    return `the log of ${low.size} records has one root at ${from} and another at ${to}`;
  return null;
}
