import type { Block } from '../../consensus/messages.ts';
import { Violation } from './violation.ts';

/**
 * Nobody accepts a block that holds a batch twice, or one of an ancestor which is not executed; and a submission is
 * recorded or refused once, in whatever batches it comes.
 */
export class OnceChecker {
  readonly #accepted = new Map<string, Block>();
  readonly #judged = new Set<string>();

  /** `executed`: the last height that the replica has executed; `committed`: up to there others have judged for it. */
  accepted(replica: number, block: Block, executed: number, committed: number): void {
    this.#accepted.set(block.hash, block);
    if (block.height <= committed) return;
    const seen = new Set<string>();
    let at: Block | undefined = block;
    for (; at !== undefined && at.height > executed; at = this.#accepted.get(at.parent)) {
      for (const batch of at.batches) {
        if (seen.has(batch) && block.batches.includes(batch))
          throw new Violation('once', `${replica} accepts ${block.hash}, which holds ${batch} again`);
        seen.add(batch);
      }
    }
  }

  /** A block records or refuses a submission, by its id. */
  judged(submission: string): void {
    if (this.#judged.has(submission)) throw new Violation('once', `submission ${submission} is judged twice`);
    this.#judged.add(submission);
  }
}
