const KINDS = [
  // What happened to messages.
  'lost',
  'duplicated',
  'reordered',
  'slowed',
  'resets',
  // What the network did for a while.
  'quiet',
  'partition',
  'one-way',
  'kind-lost',
  'kind-late',
  'leader-cut',
  'slow-link',
  'ambush',
  // What happened to replicas.
  'crashes',
  'restarts',
  'storms',
  'pauses',
  'dead',
  // What happened to disks.
  'tornWrites',
  'wipedDisks',
  'bitFlips',
  'lostSyncs',
  'fullDisks',
  'staleReads',
  'amnesiacs',
  'relapses',
  'ownStates',
  // What happened to the set of validators.
  'changes',
  'refusedChanges',
  'epochs',
  'joined',
  'left',
  'rekeyed',
  'recovered',
  'handovers',
  'snapshots',
  'skippedEpochs',
  'left-behind',
  'earlyRestarts',
  'foreignEpochs',
  'strangers',
  // What happened to clocks.
  'clockJumps',
  'drifts',
  // What Byzantine replicas did.
  'equivocations',
  'withheld',
  'doubleVotes',
  'doubleCosignatures',
  'replays',
  'forgeries',
  'newViews',
  'floods',
  'garbage',
  'oversized',
  'aboveBarrier',
  'pastEpochs',
  'grafts',
  'repeats',
  'repacked',
  'padded',
  'slowLeaders',
  'censored',
  // What came of it.
  'refused',
  'repeatedBatches',
  'expired',
  'keptInFlight',
  'accused',
  'viewChanges',
  'carriedOver',
  'compactions',
  'lulls',
  'calms',
  'fullRestarts',
] as const;

/** The things that are counted. */
export type CountName = (typeof KINDS)[number];

/** How often each thing happened in a run. */
export type Counts = Record<CountName, number>;

/** Nothing happened yet. */
export function zeroCounts(): Counts {
  return Object.fromEntries(KINDS.map(kind => [kind, 0])) as Counts;
}

/** Adds one run's counts to a sum. */
export function addCounts(sum: Counts, more: Counts): void {
  for (const kind of KINDS) sum[kind] += more[kind];
}

/** Names of what never happened: a fault that never bites is a defect of the simulator. */
export function neverHappened(counts: Counts): CountName[] {
  return KINDS.filter(kind => counts[kind] === 0);
}
