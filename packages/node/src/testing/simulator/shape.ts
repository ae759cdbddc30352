import { BEHAVIOURS, type BehaviourName } from '../byzantine/names.ts';
import type { Random } from './random.ts';

/** What becomes of one of the at most f faulty replicas. */
export interface Faulty {
  readonly id: number;
  /** Dead from a moment on; disk wiped; a record of its log damaged, or the last ones never synced; or Byzantine from the start. */
  readonly kind: 'dead' | 'wiped' | 'damaged' | 'unsynced' | 'byzantine';
  /** Virtual ms at which it happens. */
  readonly at: number;
  /** What a Byzantine one does. */
  readonly behaviours: readonly BehaviourName[];
}

/** What becomes of the memory of a member whose key a later set has named. */
export interface Relapse {
  readonly kind: 'wiped' | 'damaged' | 'unsynced';
  /** Virtual ms after that set's epoch opened. */
  readonly after: number;
}

/** Chances of a mishap each 100 ms. */
export interface MishapRates {
  readonly pause: number;
  readonly storm: number;
  readonly reset: number;
  readonly fullDisk: number;
  readonly staleRead: number;
  readonly clockJump: number;
}

/** One schedule's shape, drawn from its seed: how large, how deep, how unkind. */
export interface Shape {
  readonly n: number;
  readonly profile: Profile;
  readonly window: number;
  readonly term: number;
  /** Blocks to commit before the network heals, and virtual ms to pass. */
  readonly commits: number;
  readonly lasts: number;
  readonly loss: number;
  readonly duplication: number;
  /** Messages take this long, ms, chosen evenly; a wide range reorders. */
  readonly delay: readonly [number, number];
  /** Chance of a fresh phase each 100 ms: partition, one-way cut, a kind of message lost, or quiet. */
  readonly phases: number;
  /** Share of ambushes among the phases. */
  readonly ambush: number;
  /** Chance that a step ends in a crash. */
  readonly crash: number;
  /** Ms a crashed replica stays down. */
  readonly down: readonly [number, number];
  readonly mishaps: MishapRates;
  /** True if clocks differ and drift, within the precision. */
  readonly drift: boolean;
  readonly faulty: readonly Faulty[];
  /** One for each of the first that join, or come back with another key. */
  readonly relapses: readonly Relapse[];
  /** Ms between client batches. */
  readonly load: readonly [number, number];
  /** Blocks in flight above which only full ones follow. */
  readonly depth: number;
  /** Batches in one block at most. */
  readonly maxBatches: number;
  /** Bytes of the bodies of one block at most. */
  readonly maxBytes: number;
  readonly compaction: boolean;
  /** Members that are not of the first set, and follow. */
  readonly newcomers: number;
  /** Heights at which the members are to change, lowest first. */
  readonly changes: readonly number[];
  /** Chance that a step around the change of an epoch ends in a crash. */
  readonly changeCrash: number;
  /** True if, where nobody is faulty, a stretch is to follow in which nothing is wrong. */
  readonly calm: boolean;
}

/** Everybody who can be reached. */
export function membersOf({ n, newcomers }: Shape): number {
  return n + newcomers;
}

const PROFILES = ['calm', 'rough', 'rough', 'ambush', 'ambush', 'byzantine', 'byzantine', 'service'] as const;
/**
 * Calm: few faults. Rough: all of them. Ambush: little loss, many ambushes, so that blocks hang between views. Byzantine:
 * as many Byzantine replicas as may be. Service: nothing but a slow or censoring leader, and clients that watch.
 */
export type Profile = (typeof PROFILES)[number];

const NO_MISHAPS: MishapRates = { pause: 0, storm: 0, reset: 0, fullDisk: 0, staleRead: 0, clockJump: 0 };

/**
 * Draws a shape; most are deep: slow commits under many view changes, so that prefixes stay uncommitted. `more`: a second
 * stream, for faults that came later: a schedule that has none of them stays what it was.
 */
export function drawShape(random: Random, more: Random, n: number, commits: number, given?: Profile): Shape {
  const drawn = random.pick(PROFILES);
  const profile = given ?? drawn;
  if (profile === 'service') return drawService(random, n, commits);
  const byProfile = <T>(calm: readonly T[], rough: readonly T[], deep: readonly T[]): T =>
    random.pick({ calm, rough, ambush: deep, byzantine: deep }[profile]);
  const delay = byProfile<readonly [number, number]>(DELAYS, DELAYS, DELAYS.slice(0, 2));
  const window = byProfile([1, 2, 8], [2, 8, 8, 16], [8, 16]);
  const rate = (...rates: readonly number[]): number => byProfile([0, 0.002], rates, [0, 0, 0.002]);
  const shape: Shape = {
    n,
    profile,
    commits,
    lasts: 0,
    window,
    // Deep where faults are: a prefix that stays uncommitted is what a view change can get wrong.
    depth: profile === 'calm' ? 1 : window,
    term: random.pick([2, 5, 1024]),
    loss: byProfile([0, 0, 0.02, 0.1], [0, 0.02, 0.1, 0.25], [0, 0, 0.02]),
    duplication: random.pick([0, 0.02, 0.1]),
    delay,
    phases: byProfile([0, 0.02, 0.05], [0.05, 0.1, 0.2], [0.3]),
    ambush: profile === 'ambush' ? 0.95 : profile === 'calm' ? 0 : 0.5,
    crash: byProfile([0, 0, 0.0005], [0.0005, 0.002, 0.005], [0, 0.0005]),
    down: random.pick([
      [50, 500],
      [500, 5_000],
    ]),
    mishaps: {
      pause: rate(0, 0.005, 0.02),
      storm: rate(0, 0.001, 0.005),
      reset: rate(0, 0.01, 0.05),
      fullDisk: rate(0, 0.002, 0.01),
      staleRead: rate(0, 0.005, 0.02),
      clockJump: rate(0, 0.002, 0.01),
    },
    drift: random.chance(0.7),
    faulty: drawFaulty(random, n, profile).map(one => redraw(more, one)),
    relapses: [],
    load: byProfile<readonly [number, number]>(LOADS, LOADS, LOADS.slice(0, 1)),
    maxBatches: byProfile([4, 16, 100], [4, 16, 100], [100]),
    maxBytes: random.pick([50, 120, 1_000]),
    compaction: random.chance(0.5),
    newcomers: random.pick(NEWCOMERS),
    changes: drawChanges(random, commits),
    changeCrash: byProfile([0, 0.005], [0, 0.01, 0.03], [0, 0.005]),
    calm: more.chance(CALM),
  };
  const faulty = more.chance(PADS) ? shape.faulty.map(padding) : shape.faulty;
  return { ...shape, faulty, relapses: more.chance(RELAPSES) ? drawRelapses(more) : [] };
}

const DELAYS = [
  [1, 10],
  [1, 60],
  [5, 300],
] as const;
const LOADS = [
  [5, 30],
  [20, 200],
] as const;
/** Members beside the first set; and changes of members in one schedule, at most. */
const NEWCOMERS = [0, 1, 1, 2] as const;
const CHANGES = 4;
/** One in so many schedules ends in calm. */
const CALM = 0.5;
/** Virtual ms within which the fate of a faulty replica strikes. */
const STRIKES = 10_000;

function drawFaulty(random: Random, n: number, profile: Profile): Faulty[] {
  const most = Math.floor((n - 1) / 3);
  const count = profile === 'byzantine' ? most : random.between(0, most);
  return random.sample(range(n), count).map(id => {
    const kind =
      profile === 'byzantine'
        ? 'byzantine'
        : random.pick(['dead', 'wiped', 'damaged', 'byzantine', 'byzantine'] as const);
    const behaviours = kind === 'byzantine' ? random.sample(FIRST, random.between(1, 3)) : [];
    return { id, kind, at: random.between(0, STRIKES), behaviours };
  });
}

/** One in so many replicas that were to lose their memory or all has a disk that lies about its syncs instead. */
const UNSYNCED = 0.25;
/** One in so many Byzantine ones also does one of these. */
const ALSO = 0.4;
const LATER = ['repeat', 'double-cosign'] as const satisfies readonly BehaviourName[];
/** One in so many schedules has Byzantine ones that pad certificates, beside all else they do. */
const PADS = 0.2;
const FIRST = BEHAVIOURS.filter(name => name !== 'pad' && LATER.every(later => later !== name));

function redraw(more: Random, faulty: Faulty): Faulty {
  const { kind, behaviours } = faulty;
  if (kind !== 'byzantine') return more.chance(UNSYNCED) ? { ...faulty, kind: 'unsynced' } : faulty;
  return more.chance(ALSO) ? { ...faulty, behaviours: [...behaviours, more.pick(LATER)] } : faulty;
}

function padding(faulty: Faulty): Faulty {
  return faulty.kind === 'byzantine' ? { ...faulty, behaviours: [...faulty.behaviours, 'pad'] } : faulty;
}

/** One in so many schedules strikes members that came later. */
const RELAPSES = 0.5;

function drawRelapses(more: Random): Relapse[] {
  return range(more.between(1, 2)).map(() => ({
    kind: more.pick(['wiped', 'wiped', 'damaged', 'unsynced'] as const),
    after: more.between(0, STRIKES / 2),
  }));
}

/** Heights low enough that there is time for what follows; half of the schedules have a change early on. */
function drawChanges(random: Random, commits: number): number[] {
  const heights = Array.from({ length: random.between(0, CHANGES) }, () =>
    random.between(1, random.chance(0.5) ? Math.ceil(commits / 8) : Math.ceil(commits * 0.8)),
  );
  return heights.sort((a, b) => a - b);
}

/** Everything sound but one leader, who does his work badly: only the rules about leaders can help the clients. */
function drawService(random: Random, n: number, commits: number): Shape {
  const bad = random.pick(['slow', 'censor'] as const);
  // Who is slow is measured against those who led before; a censor may sit where nobody would ever relieve it.
  const forEver = bad === 'censor' && random.chance(0.5);
  const id = forEver ? 0 : random.between(bad === 'slow' ? 1 : 0, n - 1);
  return {
    n,
    profile: 'service',
    commits,
    lasts: 90_000,
    window: 8,
    depth: 1,
    term: bad === 'slow' ? Math.ceil(600 / n) : forEver ? 100_000 : 30,
    loss: 0,
    duplication: 0,
    delay: [1, 30],
    phases: 0,
    ambush: 0,
    crash: 0,
    down: [50, 500],
    mishaps: NO_MISHAPS,
    drift: true,
    faulty: [{ id, kind: 'byzantine', at: 0, behaviours: [bad] }],
    relapses: [],
    load: [60, 200],
    maxBatches: 100,
    maxBytes: 10_000,
    compaction: random.chance(0.5),
    newcomers: 1,
    changes: [],
    changeCrash: 0,
    calm: false,
  };
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
