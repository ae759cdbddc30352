import type { Message, VoteKind } from '../../consensus/messages.ts';
import type { Random } from './random.ts';

/** Kind of a message as the network tells them apart: votes by their kind. */
export type Label = Message['type'] | VoteKind | 'host';

/** What the network does to links and kinds of message for a while. */
export interface Phase {
  readonly name: PhaseName;
  /** Chance that a message is lost. */
  readonly loss: (from: number, to: number, type: Label) => number;
  /** Ms by which a message is late, beside what the network takes anyway. */
  readonly late?: (from: number, to: number, type: Label) => number;
  /** Clients send this many times slower. */
  readonly slower?: number;
}

const PHASES = [
  'quiet',
  'partition',
  'one-way',
  'kind-lost',
  'kind-late',
  'leader-cut',
  'slow-link',
  'ambush',
] as const;
/** Kinds of message that may be late as such. */
const LATE_KINDS = ['prepare', 'commit', 'view-change', 'new-view'] as const;
/** The kinds of phase; the last one comes with a change of members only. */
export type PhaseName = (typeof PHASES)[number] | 'left-behind';

/** Everything passes. */
export const QUIET: Phase = { name: 'quiet', loss: () => 0 };

/** Where one replica stands; null while it is down, or has no vote. */
export type Standing = {
  readonly epoch: number;
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

/** Draws what comes next: to all members, ambushes to the `n` of the first set. */
export function drawPlan(random: Random, n: number, members: number, ambush: number): readonly Step[] {
  const name = random.chance(ambush) ? 'ambush' : random.pick(PHASES);
  const single = (begin: (leader: number) => Phase): readonly Step[] => [
    { most: random.between(100, 3_000), begin },
  ];
  const cut = (side: ReadonlySet<number>, what: PhaseName): Phase => ({
    name: what,
    loss: (from, to) => (side.has(from) !== side.has(to) ? 1 : 0),
  });
  const some = (most: number): ReadonlySet<number> =>
    new Set(random.sample(range(members), random.between(1, most)));
  switch (name) {
    case 'quiet':
      return single(() => QUIET);
    case 'partition':
      return single(() => cut(some(members - 1), 'partition'));
    case 'one-way': {
      const mute = some(Math.ceil(members / 2));
      const deaf = some(members - 1);
      return single(() => ({ name, loss: (from, to) => (mute.has(from) && deaf.has(to) ? 1 : 0) }));
    }
    case 'kind-lost': {
      const kinds = random.sample(
        ['commit', 'prepare', 'checkpoint', 'certificate', 'new-view', 'proposal', 'view-change'],
        random.between(1, 3),
      );
      const spared = new Set(random.sample(range(members), random.between(0, members - 1)));
      return single(() => ({
        name,
        loss: (_, to, type) => (!spared.has(to) && kinds.some(kind => isKind(type, kind)) ? 1 : 0),
      }));
    }
    case 'kind-late': {
      // Votes come when their view is left, or all of it later than what the timer waits for.
      const delays = random.chance(0.5)
        ? { prepare: 1_300, 'new-view': 2_200 }
        : Object.fromEntries(LATE_KINDS.map(kind => [kind, random.pick([0, 600, 1_300, 2_200])]));
      const late: Phase['late'] = (_from, _to, type) => (delays as Record<string, number>)[type] ?? 0;
      return [{ most: random.between(1_500, 4_000), begin: () => ({ name, loss: () => 0, late }) }];
    }
    case 'leader-cut':
      return single(leader => cut(new Set([leader]), name));
    case 'slow-link': {
      const slow = some(Math.ceil(members / 2));
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
        now.every((one, i) => knowing.has(i) || one === null || one.view > best(start, false, 'view')),
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

/** Some are cut off while the others go over to the next epoch, and a little further. */
export function drawLeftBehind(random: Random, n: number, members: number): readonly Step[] {
  const behind = new Set(random.sample(range(members), random.between(1, Math.floor((n - 1) / 3))));
  const loss: Phase['loss'] = (from, to) => (behind.has(from) !== behind.has(to) ? 1 : 0);
  const newest = (standings: readonly Standing[]): number =>
    Math.max(0, ...standings.map(standing => standing?.epoch ?? 0));
  const begin = (): Phase => ({ name: 'left-behind', loss });
  return [
    { most: 10_000, begin, over: (start, now) => newest(now) > newest(start) },
    { most: random.between(10, 3_000), begin },
  ];
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function isKind(type: string, kind: string): boolean {
  return type === kind || type.startsWith(kind) || (kind === 'certificate' && type.endsWith('certificate'));
}
