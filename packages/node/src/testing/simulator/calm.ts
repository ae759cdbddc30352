import { DEFAULT_TIMING } from '../../consensus/config.ts';
import type { State } from '../../consensus/state.ts';
import type { Clients } from './clients.ts';
import { ownerOf } from './genesis.ts';
import type { Target } from './mishaps.ts';
import type { Replica } from './replica.ts';

/** Ms in which a sound network orders a batch, or a heartbeat that is due, and all have it. */
const SOON = 2_000;
/** Where a message takes longer than this, ms, a sound leader may be timed out. */
const FAST = 60;
/** The end of a longer term, in blocks, is not waited for. */
const SHORT = 5;

/** What it is brought about with. */
interface Stage extends Target {
  readonly clients: Clients;
  /** Members that are Byzantine for ever. */
  readonly byzantine: ReadonlySet<number>;
}

/**
 * A stretch in which nothing is wrong, if there is nobody to spoil it: as many as may be are stopped for a block, come back,
 * and must lead and vote as if they had never been away; then there is no work, and a heartbeat must come. No view fails.
 */
export class Calm {
  readonly #stage: Stage;
  readonly #until: (done: () => boolean, limit: number) => void;
  readonly #isUpToDate: (replica: Replica) => boolean;

  constructor(
    stage: Stage,
    until: (done: () => boolean, limit: number) => void,
    isUpToDate: (replica: Replica) => boolean,
  ) {
    this.#stage = stage;
    this.#until = until;
    this.#isUpToDate = isUpToDate;
  }

  run(): void {
    const { shape, watch, counts } = this.#stage;
    if (!shape.calm || !this.#isSound()) return;
    counts.calms++;
    watch.calm.calm = true;
    const lead = (ahead: number): number => this.#leader(watch.chain.height + ahead);
    // Who leads the next term is to be away for the last block of this one.
    for (let left = shape.term; left > 0 && shape.term <= SHORT && lead(1) === lead(2); left--)
      this.#order([]);
    const [now, next] = [lead(1), lead(2)];
    const others = this.#voters.filter(({ id }) => id !== now);
    const most = Math.floor(others.length / 3);
    const first = [...others.filter(({ id }) => id === next), ...others.filter(({ id }) => id !== next)];
    const away = first.slice(0, most);
    this.#order(away);
    // Now those that were away have to vote.
    const rest = this.#voters.filter(one => one.id !== next && !away.includes(one));
    this.#order(rest.slice(0, most));
    this.#order([]);
    this.#block(this.#voters, DEFAULT_TIMING.heartbeat + SOON);
    watch.calm.calm = false;
  }

  get #voters(): readonly Replica[] {
    const { watch, replicas } = this.#stage;
    return watch.epochs.keys(watch.epochs.newest)!.map(key => replicas[ownerOf(key)]!);
  }

  /**
   * All of the set are honest, up and whole, stand in one view, and find nothing wrong with their leader. Nor has anybody else work
   * left: a former member may lie, and tell all of it but a leader that is away.
   */
  #isSound(): boolean {
    const { shape, byzantine, replicas } = this.#stage;
    const voters = this.#voters;
    const { view } = voters[0]!.state ?? { view: -1 };
    return (
      shape.delay[1] <= FAST &&
      replicas.every(({ state }) => state === null || state.pool.size === 0) &&
      voters.every(replica => {
        const { id, votes, state } = replica;
        return (
          !byzantine.has(id) &&
          votes &&
          state!.view === view &&
          state!.asked === view &&
          state!.pace.slow === 0
        );
      })
    );
  }

  /** Number of the member that leads a height in the view they are all in. */
  #leader(height: number): number {
    const [one] = this.#voters;
    const { view, tip, config } = one!.state as State;
    const position = (view + Math.floor((height - 1 - tip.height) / config.term)) % config.validators.length;
    return this.#voters[position]!.id;
  }

  /** One batch is ordered while some are away; then they come back, and catch up. */
  #order(away: readonly Replica[]): void {
    const { clients, random, restart } = this.#stage;
    for (const replica of away) replica.crash('for ever');
    const there = this.#voters.filter(replica => !away.includes(replica));
    clients.send(random.pick(there));
    this.#block(there, SOON);
    for (const replica of away) restart(replica);
    this.#until(() => this.#voters.every(this.#isUpToDate), SOON);
  }

  /** Until there is a block more, and some know it final. */
  #block(some: readonly Replica[], limit: number): void {
    const { chain } = this.#stage.watch;
    const { height } = chain;
    this.#until(() => chain.height > height && some.every(this.#isUpToDate), limit);
  }
}
