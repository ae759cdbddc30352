import { DEFAULT_TIMING } from '../../consensus/config.ts';
import type { State } from '../../consensus/state.ts';
import { Violation } from './violation.ts';

/** What a step left behind. */
interface Left {
  readonly epoch: number;
  readonly view: number;
  readonly asked: number;
  readonly timeout: number;
  readonly deadline: number | null;
  /** How far the chain was when the view, what was asked for, or the timer changed last. */
  readonly since: number;
}

/**
 * The progress timer of who has a vote doubles when it runs out, up to the longest, and is back at its base once W blocks, or
 * those of a term, are committed. Of who has none it leads to nothing.
 */
export class TimerChecker {
  readonly #left: (Left | undefined)[] = [];

  /** A replica starts, or begins an epoch: with a timer of its own. */
  began(replica: number): void {
    this.#left[replica] = undefined;
  }

  stepped(replica: number, state: State): void {
    const { view, asked, now, committed, config, timer } = state;
    const { timeout, deadline } = timer;
    const { epoch, window, term, votes } = config;
    const enough = Math.min(window, term);
    if (!votes) return;
    const last = this.#left[replica];
    const same =
      last?.epoch === epoch && last.view === view && last.asked === asked && timeout <= last.timeout;
    const since = same ? last.since : committed.height;
    this.#left[replica] = { epoch, view, asked, timeout, deadline, since };
    const { baseTimeout, maxTimeout } = DEFAULT_TIMING;
    if (same && committed.height - since >= enough && timeout !== baseTimeout)
      throw new Violation('timers', `${replica} waits ${timeout} ms, ${enough} blocks after its view began`);
    // A deadline that a tick finds behind it is gone after that tick.
    const ranOut =
      last?.epoch === epoch && last.deadline !== null && now >= last.deadline && asked > last.asked;
    if (ranOut && view === last.view && timeout !== Math.min(last.timeout * 2, maxTimeout))
      throw new Violation('timers', `${replica} waited ${last.timeout} ms in vain, and now waits ${timeout}`);
  }
}
