import type { Block } from '../../consensus/messages.ts';
import { Violation } from './violation.ts';

/**
 * What one replica accepts in one view stands on one line: else it helps two chains to a quorum, and both may be PREPARED.
 * Works from what was logged alone.
 */
export class LineChecker {
  readonly #accepted = new Map<string, string>();

  accepted(replica: number, view: number, { epoch, height, hash, parent }: Block): void {
    const line = `${replica} ${epoch} ${view}`;
    const below = this.#accepted.get(`${line} ${height - 1}`);
    if (below !== undefined && below !== parent)
      throw new Violation(
        'lines',
        `${replica} accepts ${hash} upon ${parent} in view ${view}, and has ${below}`,
      );
    this.#accepted.set(`${line} ${height}`, hash);
  }
}
