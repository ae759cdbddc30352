import type { Clock } from './clock.ts';
import type { Counts } from './counts.ts';
import type { Network } from './network.ts';
import { drawPlan, QUIET, type Standing, type Step } from './phases.ts';
import type { Random } from './random.ts';
import type { Replica } from './replica.ts';
import { membersOf, type Shape } from './shape.ts';

const EACH = 100;
/** How often a phase looks whether it is over, ms. */
const LOOK = 20;

/** What the weather blows over. */
export interface Land {
  readonly clock: Clock;
  readonly random: Random;
  readonly shape: Shape;
  readonly counts: Counts;
  readonly network: Network;
  readonly replicas: readonly Replica[];
}

/** Phases of the network, one after the other, drawn as long as it is not healed. */
export class Weather {
  readonly #land: Land;
  readonly #plan: Step[] = [];

  constructor(land: Land) {
    this.#land = land;
    this.#change();
  }

  #change(): void {
    const { clock, random, shape, counts, network } = this.#land;
    if (network.healed) this.#plan.length = 0;
    const step = this.#plan.shift();
    if (step !== undefined) {
      const start = this.#standings();
      const phase = step.begin(this.#leader());
      network.phase = phase;
      counts[phase.name]++;
      this.#stay(step, start, clock.now + step.most);
      return;
    }
    network.phase = QUIET;
    if (!network.healed && random.chance(shape.phases))
      this.#plan.push(...drawPlan(random, shape.n, membersOf(shape), shape.ambush));
    clock.after(EACH, () => this.#change());
  }

  #stay(step: Step, start: readonly Standing[], end: number): void {
    const { clock, network } = this.#land;
    const { now } = clock;
    if (network.healed || now >= end || step.over?.(start, this.#standings()) === true) this.#change();
    else clock.after(Math.min(LOOK, end - now), () => this.#stay(step, start, end));
  }

  /** Something strikes as soon as the present phase is over, before anything else. */
  next(plan: readonly Step[]): void {
    this.#plan.unshift(...plan);
  }

  /** Who leads the highest view of the newest epoch that anybody is in. */
  #leader(): number {
    let [epoch, view, leader] = [0, 0, 0];
    for (const { state, seat } of this.#land.replicas) {
      if (state === null || !state.config.votes) continue;
      if (state.config.epoch < epoch || (state.config.epoch === epoch && state.view < view)) continue;
      [epoch, view] = [state.config.epoch, state.view];
      leader = seat.idAt(view % state.config.validators.length);
    }
    return leader;
  }

  #standings(): Standing[] {
    return this.#land.replicas.map(({ state }) => {
      if (state === null || !state.config.votes) return null;
      const [prepared, committed] = [state.high?.height ?? 0, state.committed.height];
      return { epoch: state.config.epoch, view: state.view, prepared, committed };
    });
  }
}
