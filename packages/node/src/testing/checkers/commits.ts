import type { ToSign } from '../../consensus/output.ts';
import type { State } from '../../consensus/state.ts';
import { Violation } from './violation.ts';

/** Who COMMITs a block has in the same view COMMITted each of its ancestors above the last final and the last executed one. */
export class CommitChecker {
  readonly #signed = new Set<string>();

  signed(key: number, { low, executed }: State, what: ToSign): void {
    if (what.type !== 'vote' || what.vote.kind !== 'commit') return;
    const { epoch, view, height } = what.vote;
    this.#signed.add(`${key} ${epoch} ${view} ${height}`);
    for (let below = Math.max(low, executed.height) + 1; below < height; below++)
      if (!this.#signed.has(`${key} ${epoch} ${view} ${below}`))
        throw new Violation('commits', `${key} COMMITs ${height} in view ${view}, and not ${below}`);
  }
}
