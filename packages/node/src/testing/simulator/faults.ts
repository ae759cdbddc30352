import type { Message } from '../../consensus/messages.ts';
import type { Random } from './random.ts';

/** One schedule's shape, drawn from its seed: how large, how deep, how unkind. */
export interface Shape {
  readonly n: number;
  readonly window: number;
  readonly term: number;
  /** Blocks to commit before the network heals. */
  readonly commits: number;
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
  /** Ms between client batches. */
  readonly load: readonly [number, number];
  /** Blocks in flight above which only full ones follow. */
  readonly depth: number;
  /** Batches in one block at most. */
  readonly maxBatches: number;
  readonly compaction: boolean;
}

const PROFILES = ['calm', 'rough', 'rough', 'ambush'] as const;
/** Calm: few faults. Rough: all of them. Ambush: little loss, many ambushes, so that blocks hang between views. */
export type Profile = (typeof PROFILES)[number];

/** Draws a shape; most are deep: slow commits under many view changes, so that prefixes stay uncommitted. */
export function drawShape(random: Random, n: number, commits: number, given?: Profile): Shape {
  const drawn = random.pick(PROFILES);
  const profile = given ?? drawn;
  const byProfile = <T>(calm: readonly T[], rough: readonly T[], ambush: readonly T[]): T =>
    random.pick({ calm, rough, ambush }[profile]);
  const window = byProfile([1, 2, 8], [2, 8, 8, 16], [8, 16]);
  return {
    n,
    commits,
    window,
    // Deep where faults are: a prefix that stays uncommitted is what a view change can get wrong.
    depth: profile === 'calm' ? 1 : window,
    term: random.pick([2, 5, 1024]),
    loss: byProfile([0, 0, 0.02, 0.1], [0, 0.02, 0.1, 0.25], [0, 0, 0.02]),
    duplication: random.pick([0, 0.02, 0.1]),
    delay: byProfile<readonly [number, number]>(DELAYS, DELAYS, DELAYS.slice(0, 2)),
    phases: byProfile([0, 0.02, 0.05], [0.05, 0.1, 0.2], [0.3]),
    ambush: byProfile([0], [0.5], [0.95]),
    crash: byProfile([0, 0, 0.0005], [0.0005, 0.002, 0.005], [0, 0.0005]),
    down: random.pick([
      [50, 500],
      [500, 5_000],
    ]),
    load: byProfile<readonly [number, number]>(LOADS, LOADS, LOADS.slice(0, 1)),
    maxBatches: byProfile([4, 16, 100], [4, 16, 100], [100]),
    compaction: random.chance(0.5),
  };
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

/** What the network does to links and kinds of message for a while. */
export interface Phase {
  readonly name: PhaseName;
  /** Chance that a message is lost. */
  readonly loss: (from: number, to: number, type: Message['type'] | 'host') => number;
  /** Clients send this many times slower. */
  readonly slower?: number;
}

const PHASES = ['quiet', 'partition', 'one-way', 'kind-lost', 'leader-cut', 'ambush'] as const;
/** The kinds of phase. */
export type PhaseName = (typeof PHASES)[number];

/** Everything passes. */
export const QUIET: Phase = { name: 'quiet', loss: () => 0 };

/** Where one replica stands; null while it is down. */
export type Standing = {
  readonly view: number;
  readonly prepared: number;
  readonly committed: number;
} | null;

/** A phase, how long it lasts at most, ms, and what ends it sooner: an adversary sees everything. */
export interface Step {
  readonly most: number;
  readonly begin: (leader: number) => Phase;
  readonly over?: (start: readonly Standing[], now: readonly Standing[]) => boolean;
}

/** Draws what comes next. */
export function drawPlan(random: Random, n: number, ambush: number): readonly Step[] {
  const name = random.chance(ambush) ? 'ambush' : random.pick(PHASES);
  const single = (begin: (leader: number) => Phase): readonly Step[] => [
    { most: random.between(100, 3_000), begin },
  ];
  const cut = (side: ReadonlySet<number>, what: PhaseName): Phase => ({
    name: what,
    loss: (from, to) => (side.has(from) !== side.has(to) ? 1 : 0),
  });
  const some = (most: number): ReadonlySet<number> =>
    new Set(random.sample(range(n), random.between(1, most)));
  switch (name) {
    case 'quiet':
      return single(() => QUIET);
    case 'partition':
      return single(() => cut(some(n - 1), 'partition'));
    case 'one-way': {
      const mute = some(Math.ceil(n / 2));
      const deaf = some(n - 1);
      return single(() => ({ name, loss: (from, to) => (mute.has(from) && deaf.has(to) ? 1 : 0) }));
    }
    case 'kind-lost': {
      const kinds = random.sample(
        ['commit', 'prepare', 'checkpoint', 'certificate', 'new-view', 'proposal', 'view-change'],
        random.between(1, 3),
      );
      const spared = new Set(random.sample(range(n), random.between(0, n - 1)));
      return single(() => ({
        name,
        loss: (_, to, type) => (!spared.has(to) && kinds.some(kind => isKind(type, kind)) ? 1 : 0),
      }));
    }
    case 'leader-cut':
      return single(leader => cut(new Set([leader]), name));
    case 'ambush':
      return drawAmbush(random, n);
  }
}

/**
 * The deep shape: some replicas alone learn that blocks are prepared or committed, are cut off while the others change
 * view and commit a little with votes half lost, and come back when the next leader falls silent.
 */
function drawAmbush(random: Random, n: number): readonly Step[] {
  const knowing = new Set(random.sample(range(n), random.between(1, Math.floor((n - 1) / 3))));
  const kind = random.pick(['prepare', 'commit']);
  const ahead = random.between(1, 5);
  const slower = random.pick([1, 20, 1_000]);
  const staysOld = random.chance(0.7);
  const halfLost = random.pick([0, 0.5, 0.8, 0.9]);
  const best = (
    standings: readonly Standing[],
    who: boolean,
    what: 'prepared' | 'committed' | 'view',
  ): number =>
    Math.max(0, ...standings.map((standing, i) => (knowing.has(i) === who ? (standing?.[what] ?? 0) : 0)));
  return [
    {
      most: 1_500,
      begin: () => ({
        name: 'ambush',
        slower: 0.2,
        loss: (_, to, type) => (!knowing.has(to) && isKind(type, kind) ? 1 : 0),
      }),
      over: (_, now) =>
        best(now, true, kind === 'prepare' ? 'prepared' : 'committed') >=
        best(now, false, kind === 'prepare' ? 'prepared' : 'committed') + ahead,
    },
    {
      // Until the others have left the view in which the knowing ones are ahead.
      most: 8_000,
      begin: () => ({
        name: 'ambush',
        slower,
        loss: (from, to, type) => (knowing.has(from) !== knowing.has(to) || isKind(type, kind) ? 1 : 0),
      }),
      over: (start, now) =>
        now.every((standing, i) => knowing.has(i) || (standing?.view ?? 0) > best(start, false, 'view')),
    },
    {
      most: 8_000,
      begin: () => ({
        name: 'ambush',
        slower,
        loss: (from, to, type) => {
          if (knowing.has(from) !== knowing.has(to)) return 1;
          return isKind(type, 'prepare') ? halfLost : 0;
        },
      }),
      over: (start, now) =>
        halfLost === 0
          ? best(now, false, 'committed') > best(start, false, 'committed')
          : best(now, false, 'view') > best(start, false, 'view') + 1,
    },
    {
      most: 8_000,
      begin: leader => ({
        name: 'ambush',
        slower,
        loss: (from, to, type) => {
          if ((from === leader) !== (to === leader)) return 1;
          return staysOld && knowing.has(to) && isKind(type, 'prepare') ? 1 : 0;
        },
      }),
      over: (start, now) => best(now, false, 'view') > best(start, false, 'view'),
    },
  ];
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function isKind(type: string, kind: string): boolean {
  return type === kind || type.startsWith(kind) || (kind === 'certificate' && type.endsWith('certificate'));
}

/** How often each thing happened in a run. */
export interface Counts {
  lost: number;
  duplicated: number;
  reordered: number;
  phases: Record<PhaseName, number>;
  crashes: number;
  restarts: number;
  tornWrites: number;
  viewChanges: number;
  carriedOver: number;
  compactions: number;
}

/** Nothing happened yet. */
export function zeroCounts(): Counts {
  return {
    lost: 0,
    duplicated: 0,
    reordered: 0,
    phases: { quiet: 0, partition: 0, 'one-way': 0, 'kind-lost': 0, 'leader-cut': 0, ambush: 0 },
    crashes: 0,
    restarts: 0,
    tornWrites: 0,
    viewChanges: 0,
    carriedOver: 0,
    compactions: 0,
  };
}
