import type { Block } from '../../consensus/messages.ts';
import { Violation } from './violation.ts';

/** Whether a replica has a batch on its disk. */
type Holds = { has(digest: string): boolean };

/** Who PREPAREs a block has every batch of it and of its unexecuted ancestors on disk, and who executes one every batch of it. */
export class BodyChecker {
  readonly #blocks = new Map<string, Block>();

  /** A replica that has executed all up to `executed` accepts a block. */
  accepted(replica: number, block: Block, executed: number, held: Holds): void {
    this.#blocks.set(block.hash, block);
    for (
      let at: Block | undefined = block;
      at !== undefined && at.height > executed;
      at = this.#blocks.get(at.parent)
    )
      this.#look(replica, `accepts ${block.hash}`, at, held);
  }

  executed(replica: number, block: Block, held: Holds): void {
    this.#look(replica, `executes ${block.hash}`, block, held);
  }

  #look(replica: number, what: string, { hash, batches }: Block, held: Holds): void {
    const missing = batches.find(digest => !held.has(digest));
    if (missing !== undefined)
      throw new Violation('bodies', `${replica} ${what} and has not ${missing} of ${hash}`);
  }
}
