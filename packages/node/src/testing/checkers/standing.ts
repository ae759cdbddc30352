import type { State } from '../../consensus/state.ts';
import { Violation } from './violation.ts';

/** Views, finality and execution never go back, across restarts too, and no queue outgrows its bound. */
export class StandingChecker {
  readonly #last = new Map<number, { view: number; asked: number; low: number; executed: number }>();

  stepped(replica: number, state: State): void {
    const last = this.#last.get(replica);
    const now = { view: state.view, asked: state.asked, low: state.low, executed: state.executed.height };
    if (last !== undefined) {
      for (const key of ['view', 'asked', 'low', 'executed'] as const) {
        if (now[key] < last[key])
          throw new Violation('standing', `${replica}: ${key} goes from ${last[key]} to ${now[key]}`);
      }
    }
    this.#last.set(replica, now);
    this.#bounds(replica, state);
  }

  #bounds(replica: number, state: State): void {
    const { config, slots, checkpointVotes, viewChanges } = state;
    const bound = (what: string, size: number, most: number): void => {
      if (size > most) throw new Violation('bounds', `${replica}: ${size} ${what}, at most ${most}`);
    };
    bound('views of votes', slots.size, 2);
    bound('VIEW-CHANGEs', viewChanges.size, config.validators.length);
    bound('heights of cosignatures', checkpointVotes.size, 2 * config.window);
    for (const { votes, proposals } of slots.values()) {
      // 2W above low, for a later view 2W below it, and the tip.
      for (const byHeight of [votes.prepare, votes.commit])
        bound('heights of votes', byHeight.size, 4 * config.window + 1);
      bound('heights of proposals', proposals.size, 2 * config.window);
    }
  }
}
