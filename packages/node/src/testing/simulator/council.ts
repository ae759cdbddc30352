import type { Clients } from './clients.ts';
import { ownerOf } from './genesis.ts';
import type { SimulatedLedger } from './ledger.ts';
import type { Mishaps, Target } from './mishaps.ts';
import { drawLeftBehind } from './phases.ts';
import { membersOf, type Relapse } from './shape.ts';
import type { Weather } from './weather.ts';

/** How often the operators look, ms. */
const EACH = 100;
/** Tries to find a change that the rules allow. */
const TRIES = 12;

/** What the operators have at hand. */
export interface Chamber extends Target {
  readonly ledger: SimulatedLedger;
  readonly clients: Clients;
  readonly weather: Weather;
  readonly mishaps: Mishaps;
  /** Members that are Byzantine for ever. */
  readonly byzantine: ReadonlySet<number>;
}

/**
 * The operators of the members: they draw up changes of the set, which execution judges by the rules of the ledger. They
 * never let more than f of a set be faulty; some of what they send is to be refused.
 */
export class Council {
  readonly #chamber: Chamber;
  readonly #due: number[];
  /** Members that are or will be faulty, until they come back with new keys. */
  readonly #ill: Set<number>;
  /** Members that hold a key which no set names yet. */
  readonly #between = new Set<number>();
  readonly #relapses: Relapse[];
  #sent = 0;
  #seen = 0;

  constructor(chamber: Chamber) {
    this.#chamber = chamber;
    this.#due = [...chamber.shape.changes];
    this.#relapses = [...chamber.shape.relapses];
    this.#ill = new Set(chamber.shape.faulty.map(({ id }) => id));
    this.#tick();
  }

  #tick(): void {
    const { clock, watch, network } = this.#chamber;
    clock.after(EACH, () => this.#tick());
    this.welcome();
    if (network.healed || this.#due.length === 0 || watch.chain.height < this.#due[0]!) return;
    this.#due.shift();
    this.change();
  }

  /** Who is named by a new set, by the key it holds, is whole again. */
  welcome(): void {
    const { ledger, replicas, gone, counts, clock } = this.#chamber;
    for (; this.#seen < ledger.newest && this.#isOpen(this.#seen + 1); this.#seen++) {
      const [before, after] = [this.#seen, this.#seen + 1].map(epoch => ledger.set(epoch)!.keys);
      counts.left += before!.filter(key => !after!.some(other => ownerOf(other) === ownerOf(key))).length;
      for (const key of after!.filter(one => !before!.includes(one))) {
        const id = ownerOf(key);
        if (!before!.some(other => ownerOf(other) === id)) counts.joined++;
        else if (this.#ill.has(id)) counts.recovered++;
        else counts.rekeyed++;
        if (replicas[id]!.key !== key) continue;
        this.#between.delete(id);
        this.#ill.delete(id);
        gone.delete(id);
        const relapse = this.#relapses.shift();
        if (relapse !== undefined) clock.after(relapse.after, () => this.#relapse(id, key, relapse.kind));
      }
    }
  }

  /** Whoever came later loses its memory too, if the set can bear it whatever change is under way. */
  #relapse(id: number, key: number, kind: Relapse['kind']): void {
    const { ledger, shape, network, replicas, mishaps, counts, clock } = this.#chamber;
    const stands = ledger.set(ledger.newest)!.keys.includes(key) && replicas[id]!.key === key;
    if (network.healed || !stands || this.#ill.has(id)) return;
    const bears = this.#set.filter(one => this.#ill.has(one)).length < faults(shape.n);
    const settled = this.#seen === ledger.newest && this.#between.size === 0;
    if (!bears || !settled) {
      clock.after(EACH, () => this.#relapse(id, key, kind));
      return;
    }
    this.#ill.add(id);
    counts.relapses++;
    mishaps.strike({ id, kind });
  }

  /** Changes that came to a block and began nothing. */
  get refused(): number {
    const { watch, ledger } = this.#chamber;
    const executed = Array.from({ length: this.#sent }, (_, i) => nameOf(i)).filter(one =>
      watch.chain.has(one),
    );
    return executed.length - ledger.newest;
  }

  /** Enough of its set are in an epoch: till then the one before still needs its own keys. */
  #isOpen(epoch: number): boolean {
    const { ledger, replicas } = this.#chamber;
    const { keys } = ledger.set(epoch)!;
    const there = replicas.filter(
      ({ key, state }) => keys.includes(key) && (state?.config.epoch ?? -1) >= epoch,
    );
    return there.length >= quorum(keys.length);
  }

  /** Draws up a change of the newest set and sends it; false if the rules allow none now. */
  change(sound = false): boolean {
    const { ledger, random, shape, weather, network, counts } = this.#chamber;
    this.welcome();
    if (ledger.head(1) === undefined || this.#seen < ledger.newest) return false;
    for (let i = 0; i < TRIES; i++) {
      const moves = this.#draw();
      if (!this.#isWise(moves)) continue;
      const keys = new Map([...moves].map(([id, stays]) => [id, stays ? this.#freshKey(id) : null]));
      counts.changes++;
      if (!sound && random.chance(0.5) && !network.healed)
        weather.next(drawLeftBehind(random, shape.n, membersOf(shape)));
      this.#send(keys, sound || !random.chance(0.15));
      if (!sound && random.chance(0.2)) this.#send(keys, true);
      return true;
    }
    return false;
  }

  /** Who is of the set of the newest epoch. */
  get #set(): readonly number[] {
    const { ledger } = this.#chamber;
    return ledger.set(ledger.newest)!.keys.map(ownerOf);
  }

  /** One to f members: true for one that joins or comes back with a new key, false for one that leaves. */
  #draw(): Map<number, boolean> {
    const { random, shape, byzantine } = this.#chamber;
    const set = this.#set;
    const count = random.between(1, Math.max(1, faults(set.length)));
    const everybody = Array.from({ length: membersOf(shape) }, (_, id) => id);
    const lost = everybody.filter(id => this.#between.has(id) || this.#recoverable(id));
    const liars = [...byzantine].filter(id => set.includes(id));
    return new Map(
      Array.from({ length: count }, () => {
        if (liars.length > 0 && random.chance(0.3)) return [random.pick(liars), false];
        const id = random.pick(lost.length > 0 && random.chance(0.5) ? lost : everybody);
        return [id, !set.includes(id) || random.chance(0.6)];
      }),
    );
  }

  /** Its memory is lost, and it is there. */
  #recoverable(id: number): boolean {
    const { gone, replicas, byzantine } = this.#chamber;
    return gone.has(id) && !replicas[id]!.dead && !byzantine.has(id);
  }

  /** No set may hold, nor may the present one come to hold, more than f that are faulty or have no vote. */
  #isWise(moves: ReadonlyMap<number, boolean>): boolean {
    const { shape, replicas } = this.#chamber;
    const set = this.#set;
    const ill = (id: number): boolean => this.#ill.has(id) || this.#between.has(id);
    const next = set.filter(id => moves.get(id) !== false);
    for (const [id, stays] of moves) {
      if (!stays) continue;
      if (replicas[id]!.dead || (this.#ill.has(id) && !this.#recoverable(id))) return false;
      if (!set.includes(id)) next.push(id);
    }
    const away = set.filter(id => ill(id) || moves.get(id) === true).length;
    const sick = next.filter(id => ill(id) && moves.get(id) !== true).length;
    const most = Math.min(faults(set.length), faults(next.length));
    if (faults(next.length) < faults(shape.n) || sick > faults(next.length)) return false;
    return moves.size <= most && away <= faults(set.length);
  }

  /** The key a member holds, or, if some set knows that one, another: its operator stops it for that. */
  #freshKey(id: number): number {
    const { replicas, ledger, gone, restart } = this.#chamber;
    const replica = replicas[id]!;
    const used = (key: number): boolean => {
      for (let epoch = 0; epoch <= ledger.newest; epoch++)
        if (ledger.set(epoch)!.keys.includes(key)) return true;
      return false;
    };
    if (used(replica.key)) {
      replica.rekey();
      gone.add(id);
      restart(replica);
    }
    this.#between.add(id);
    return replica.key;
  }

  /** Sends a change; one that is not `approved` lacks one approval. */
  #send(moves: ReadonlyMap<number, number | null>, approved: boolean): void {
    const { ledger, watch, clients, random, replicas } = this.#chamber;
    const batch = nameOf(this.#sent++);
    const epoch = ledger.newest;
    const n = ledger.set(epoch)!.keys.length;
    const positions = Array.from({ length: n }, (_, position) => position);
    const approve = random.sample(positions, quorum(n) - (approved ? 0 : 1)).sort((a, b) => a - b);
    ledger.govern(batch, { epoch, moves, approve });
    watch.epochs.announced(batch, { epoch, moves, approvals: approve.length });
    const up = replicas.filter(({ state }) => state !== null);
    clients.send(random.pick(up.length > 0 ? up : replicas), batch);
  }
}

function nameOf(change: number): string {
  return `change ${change}`;
}

function quorum(n: number): number {
  return Math.floor((n + faults(n)) / 2) + 1;
}

function faults(n: number): number {
  return Math.floor((n - 1) / 3);
}
