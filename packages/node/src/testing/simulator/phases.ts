import type { Message } from '../../consensus/messages.ts';
import type { Random } from './random.ts';

/** What the network does to links and kinds of message for a while. */
export interface Phase {
  readonly name: PhaseName;
  /** Chance that a message is lost. */
  readonly loss: (from: number, to: number, type: Message['type'] | 'host') => number;
  /** Ms by which a message is late, beside what the network takes anyway. */
  readonly late?: (from: number, to: number) => number;
  /** Clients send this many times slower. */
  readonly slower?: number;
}

const PHASES = ['quiet', 'partition', 'one-way', 'kind-lost', 'leader-cut', 'slow-link', 'ambush'] as const;
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
    case 'slow-link': {
      const slow = some(Math.ceil(n / 2));
      const late = random.between(300, 3_000);
      return single(() => ({
        name,
        loss: () => 0,
        late: (from, to) => (slow.has(from) !== slow.has(to) ? late : 0),
      }));
    }
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
