import { RULES, type Rules } from './rules.ts';
import { ancestorAt, type Block, type Disk, type Epoch, isOnChain, topOf } from './state.ts';

/** The model with one rule broken. */
export interface ModelMutant {
  readonly name: string;
  readonly broken: Partial<Rules>;
  /** What finds it: walks alone, or the liveness check after them. */
  readonly by: 'walks' | 'liveness';
  /** Which walk of four replicas is the first to find it, by seeds from 1. */
  readonly walk: number;
}

/** The table of rules with a mutant's in place of the right ones. */
export function rulesOf({ broken }: ModelMutant): Rules {
  return { ...RULES, ...broken };
}

const lost = (disk: Disk, some: Partial<Disk>): Disk => ({ ...disk, ...some });

/** Each rule broken in one line; the walks, or the liveness check, must find every one. */
export const MODEL_MUTANTS: readonly ModelMutant[] = [
  // Numbers.
  walks('two-faults', 2, { faults: n => RULES.faults(n) + 1 }),
  walks('weak-quorum', 1, { quorum: n => RULES.quorum(n) - 1 }),
  walks('few-view-changes', 9, { changesNeeded: quorum => quorum - 1 }),
  walks('no-view-binding', 4, {
    preparesOf: ({ prepares }) => prepares.reduce((all, some) => all | some, 0),
  }),
  // Normal case.
  walks('commit-after-view-change', 6, { mayCommit: () => true }),
  walks('commit-in-later-view', 1331, { mayCommitView: () => true }),
  walks('votes-where-it-forgot', 92, {
    inWindow: ({ low }, block, window) => block.height <= low.height + window,
    mayForget: () => true,
  }),
  walks('any-parent', 6, { isParent: () => true, agrees: () => true }),
  walks('beside-the-tip', 6, {
    isParent: ({ disk }, parent) => disk.accepted.size === 0 || parent === topOf(disk),
    agrees: ({ accepted }, block) => [...accepted.values()].every(one => isOnChain(one, block)),
  }),
  walks('committed-by-height', 3, {
    isParent: ({ disk, committed }, parent) => parent === topOf(disk) || parent.height <= committed.height,
    agrees: () => true,
  }),
  walks('height-first', 2562, {
    higher: (a, b) =>
      b === null || a.block.height > b.block.height || (a.block.height === b.block.height && a.view > b.view),
  }),
  // Execution and finality.
  walks('commit-by-height', 24, {
    nextToExecute: r => r.disk.accepted.get(r.disk.executed.height + 1) ?? RULES.nextToExecute(r),
  }),
  walks('cosigns-accepted', 6, { mayCosign: ({ disk }, block) => isOnChain(block, topOf(disk)) }),
  // View change.
  walks('ancestors-one-by-one', 4, { carries: disk => nextAncestor(disk), tipFirst: () => true }),
  walks('certificate-left-out', 4, { mayReport: () => null }),
  // Epochs.
  walks('barrier-carries', 475, { isOpen: () => true }),
  walks('old-set-counts', 102, { electors: epoch => withFormer(epoch) }),
  walks('epoch-without-final', 4, { next: ({ disk }) => topOf(disk).opens ?? disk.executed.opens }),
  walks('certificate-outlives-epoch', 32_400, {
    handOn: (disk, old) => ({ ...disk, cosigned: old.cosigned, high: old.high }),
    isTip: (_epoch, view, certificate) => certificate.view < view,
  }),
  // Memory.
  walks('acceptances-not-logged', 97, { restarted: disk => lost(disk, { accepted: new Map() }) }),
  walks('certificate-not-logged', 116, { restarted: disk => lost(disk, { high: null }) }),
  walks('asked-not-logged', 236, { restarted: disk => lost(disk, { asked: disk.view }) }),
  walks('view-not-logged', 97, {
    restarted: disk => lost(disk, { view: 0, tip: disk.epoch.base, accepted: new Map() }),
  }),
  walks('wiped-votes', 301, { knowsWiped: () => false }),
  walks('older-log-votes', 80, { isBehind: () => false }),
  walks('guard-of-one-view', 954, {
    isBehind: (guard, disk) =>
      RULES.isBehind({ ...guard, signed: guard.signed.filter(({ view }) => view === disk.view) }, disk),
  }),
  walks('sound-disk-refused', 11, {
    isBehind: (guard, disk) => RULES.isBehind(guard, disk) || guard.floor > disk.view,
  }),
  // Liveness.
  stalls('final-tip-unprepared', 10, { tipInReach: ({ tip, low }) => tip.height > low.height }),
  stalls('commit-locks', 1, { mayAsk: ({ disk }) => disk.high?.view !== disk.view }),
  stalls('caught-up-has-no-parent', 7, { isParent: ({ disk }, parent) => parent === topOf(disk) }),
  stalls('refused-barrier-closes', 23, {
    isOpen: (disk, block) =>
      RULES.isOpen(disk, block) && (!disk.executed.barrier || disk.executed === disk.epoch.base),
  }),
  stalls('laggard-not-told', 7, { tellsCommits: () => false, tellsFinal: () => false }),
  stalls('handover-not-told', 36, { tellsHandover: () => false }),
  stalls('new-view-not-told', 1, { tellsNewView: () => false }),
  stalls('nobody-joins', 307, { joins: () => false }),
  stalls('timer-counts-one-view', 2, { countsForTimer: (theirs, mine) => theirs === mine }),
  stalls('no-timer', 2, { timesOut: () => false }),
];

function stalls(name: string, walk: number, broken: Partial<Rules>): ModelMutant {
  return { name, broken, by: 'liveness', walk };
}

function walks(name: string, walk: number, broken: Partial<Rules>): ModelMutant {
  return { name, broken, by: 'walks', walk };
}

function nextAncestor({ carried, tip, epoch }: Disk): Block | null {
  return carried === tip ? null : ancestorAt(tip, (carried ?? epoch.base).height + 1);
}

function withFormer(epoch: Epoch): ReturnType<Rules['electors']> {
  const { mask, byzantine, keys, previous } = epoch;
  if (previous === null) return RULES.electors(epoch);
  return { mask: mask | previous.mask, byzantine: byzantine + previous.byzantine, size: keys.length };
}
