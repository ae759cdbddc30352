import { Random } from '../simulator/random.ts';
import { GROUP_MOVES, MOVES, type Walker } from './moves.ts';
import { RULES, type Rules } from './rules.ts';
import { ancestorAt, type Epoch, type Replica } from './state.ts';
import { World } from './world.ts';

/** Keys that may join. */
const NEWCOMERS = 3;

/** What a walk does, and how often against the rest. */
type Weights = Partial<Record<keyof typeof MOVES | keyof typeof GROUP_MOVES, number>>;

const ORDERING: Weights = {
  propose: 3,
  carry: 1,
  lock: 2,
  commit: 2,
  ask: 0.5,
  enter: 1,
  learn: 0.5,
  turn: 0.6,
  order: 1,
  ambush: 0.4,
};
const FINISHING: Weights = { learn: 1, execute: 2, cosign: 1, final: 1, finish: 0.7 };

/** What a walk is about: weights are drawn around these, so that no two walks are alike. */
const PROFILES: readonly Weights[] = [
  // Ordering alone, deep in views: prefixes hang uncommitted.
  ORDERING,
  // All of the normal case, and low on its way up.
  { ...ORDERING, ...FINISHING },
  // Crashes, older disks, wiped disks.
  { ...ORDERING, ...FINISHING, restart: 0.5, backUp: 0.7, restore: 0.4, wipe: 0.02 },
  // Sets that change.
  {
    ...ORDERING,
    ...FINISHING,
    turn: 0.4,
    ambush: 0.2,
    order: 3,
    finish: 3,
    open: 1,
    restart: 0.2,
    wipe: 0.02,
  },
];

/** What a walk came to. */
export interface WalkResult {
  readonly world: World;
  readonly steps: number;
  /** Commits in views, by view; epochs opened; and so on: zero of a kind in many walks is a defect of the walk. */
  readonly reached: Reached;
}

/** How far a walk went. */
export interface Reached {
  readonly commitView: number;
  readonly epoch: number;
  readonly height: number;
  readonly final: number;
  /** Blocks carried from one view to a later one and committed there. */
  readonly carried: boolean;
  /** Conflicting certificates in two views, of which none or one is committed. */
  readonly contested: boolean;
  readonly amnesiacs: number;
}

/** How a walk is made. */
export interface WalkOptions {
  readonly n: number;
  readonly seed: number;
  readonly rules?: Rules;
  readonly log?: (line: string) => void;
  /** Ends so that a fair network can bring everybody on: never fewer than q sound replicas. */
  readonly sparing?: boolean;
}

/** One walk: random enabled actions of honest replicas, the worst that a network and f Byzantine signers can do. */
export function walk({ n, seed, rules = RULES, log, sparing = false }: WalkOptions): WalkResult {
  const walker = new Walk(n, new Random(seed), rules, sparing);
  walker.world.log = log ?? null;
  return walker.run();
}

class Walk implements Walker {
  readonly world: World;
  readonly random: Random;
  readonly maxHeight: number;
  readonly weights: readonly (readonly [keyof Weights, number])[];
  readonly total: number;
  readonly barriers: boolean;
  readonly mishaps: number;
  readonly sparing: boolean;
  /** Who takes part now: the others are cut off. */
  awake: readonly Replica[] = [];

  constructor(n: number, random: Random, rules: Rules, sparing: boolean) {
    this.random = random;
    this.sparing = sparing;
    const allKeys = Array.from({ length: n + NEWCOMERS }, (_, i) => i);
    const keys = allKeys.slice(0, n);
    const faults = rules.faults(n);
    const count = sparing ? random.between(0, faults) : faults;
    const newcomers = allKeys.slice(n).filter(() => random.chance(0.5));
    const byzantine = new Set([...random.sample(keys, count), ...newcomers]);
    const window = random.pick([1, 2, 3, 4]);
    const term = random.pick([1, 2, 100]);
    this.world = new World({ rules, keys, allKeys, byzantine, window, term });
    this.maxHeight = random.between(2, 6);
    const profile = random.pick(PROFILES);
    const drawn = Object.entries(profile) as [keyof Weights, number][];
    this.weights = drawn.map(([name, weight]) => [name, weight * random.pick([0.3, 1, 2])]);
    this.total = this.weights.reduce((sum, [, weight]) => sum + weight, 0);
    this.mishaps = profile.restore === undefined ? 0 : 0.03;
    this.barriers = profile.open !== undefined;
  }

  run(): WalkResult {
    const { random, world } = this;
    const everybody = [...world.replicas.values()].filter(
      ({ key }) => this.barriers || world.genesis.opens!.keys.includes(key),
    );
    const steps = random.between(40, this.barriers ? 250 : 160);
    let phase = 0;
    for (let step = 0; step < steps; step++) {
      if (phase-- <= 0) {
        phase = random.between(4, 30);
        const all = random.chance(0.4);
        this.awake = all ? everybody : random.sample(everybody, random.between(1, everybody.length));
      }
      const move = this.#draw();
      if (move in GROUP_MOVES) GROUP_MOVES[move as keyof typeof GROUP_MOVES](this);
      else MOVES[move as keyof typeof MOVES](this, random.pick(this.awake));
    }
    return { world, steps, reached: reachedBy(world) };
  }

  #draw(): keyof Weights {
    let at = this.random.next() * this.total;
    for (const [name, weight] of this.weights) {
      at -= weight;
      if (at < 0) return name;
    }
    return this.weights[0]![0];
  }
}

function reachedBy(world: World): Reached {
  let [commitView, epoch, carried, contested] = [-1, 0, false, false];
  for (const { opens } of [world.genesis, ...world.blocks]) {
    if (opens === null || opens.committed.length === 0) continue;
    epoch = Math.max(epoch, opens.index);
    for (const { view, block } of opens.committed) {
      commitView = Math.max(commitView, view);
      carried ||= block.prepares.slice(0, view).some(mask => mask !== 0);
    }
    contested ||= isContested(world, opens);
  }
  const { committed, final } = world;
  const amnesiacs = [...world.replicas.values()].filter(one => one.amnesiac).length;
  return { commitView, epoch, height: committed.height, final: final.height, carried, contested, amnesiacs };
}

/** A certificate for another block than the committed one at its height: a lower view's, left behind. */
function isContested(world: World, epoch: Epoch): boolean {
  for (const block of world.blocks) {
    if (block.epoch !== epoch || block.height > world.committed.height) continue;
    if (ancestorAt(world.committed, block.height) === block) continue;
    if (block.prepares.some((_, view) => world.isPrepared(epoch, { view, block }))) return true;
  }
  return false;
}
