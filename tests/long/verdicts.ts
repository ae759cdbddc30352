import { median, percentile } from '../../bench/measure.ts';
import type { LedgerRecord, Write } from '../chaos/load/operations.ts';
import type { Refusal } from './flood.ts';

/** What one node showed at one moment of a soak. */
export interface Sample {
  /** Seconds since the load began. */
  readonly at: number;
  /** Resident memory that no file stands behind, used heap, and what objects of the heap hold outside it, MB. */
  readonly memory: number;
  readonly heap: number;
  readonly external: number;
  /** Open descriptors but for LevelDB's tables. */
  readonly descriptors: number;
  /** Bytes of the store, and of the write-ahead log. */
  readonly db: number;
  readonly wal: number;
  /** Records and blocks of the ledger. */
  readonly records: number;
  readonly blocks: number;
}

/** Seconds after which heaps and caches have had the time to fill. */
const WARM_S = 300;
/** Samples below which a line through them says nothing. */
const LEAST = 24;

/** The part of a run in which a node is warm: the last two thirds, and not the first minutes; null if too little is left. */
export function warm(samples: readonly Sample[]): readonly Sample[] | null {
  const late = samples.slice(Math.floor(samples.length / 3)).filter(({ at }) => at >= WARM_S);
  return late.length < LEAST ? null : late;
}

/** How far some values grew along the line through them (least squares), and the standard error of that. */
export function growth(values: readonly { readonly at: number; readonly value: number }[]): {
  readonly grown: number;
  readonly error: number;
} {
  const mean = (of: readonly number[]): number => of.reduce((sum, one) => sum + one, 0) / of.length;
  const [x, y] = [mean(values.map(({ at }) => at)), mean(values.map(({ value }) => value))];
  const spread = values.reduce((sum, { at }) => sum + (at - x) ** 2, 0);
  const slope = values.reduce((sum, { at, value }) => sum + (at - x) * (value - y), 0) / spread;
  const rest = values.reduce((sum, { at, value }) => sum + (value - y - slope * (at - x)) ** 2, 0);
  const lasted = values.at(-1)!.at - values[0]!.at;
  return { grown: slope * lasted, error: Math.sqrt(rest / (values.length - 2) / spread) * lasted };
}

/**
 * Share of its mean by which resident memory may grow in ten minutes, once warm. What was freed stays with the process while it lies
 * between what is in use: 89 of 231 MB after 130,000 records (malloc_info), and more with each time that more than ever is in use.
 */
const GROWTH = 0.04;
/** The same of what JavaScript holds. */
const HELD_GROWTH = 0.02;
/** Standard errors within which a slope is the collector's rhythm and no growth. */
const ERRORS = 2;
/** Share by which the highest of the last samples may exceed the highest of those before. */
const NEW_PEAK = 0.15;

/** Memory that grows while a node is warm: by its slope, or by ever new peaks. */
export function memoryFlaws(late: readonly Sample[]): string[] {
  const mean = late.reduce((sum, { memory }) => sum + memory, 0) / late.length;
  const minutes = (late.at(-1)!.at - late[0]!.at) / 60;
  const bound = (GROWTH * mean * minutes) / 10;
  const { grown, error } = growth(late.map(({ at, memory }) => ({ at, value: memory })));
  const peak = (of: readonly Sample[]): number => Math.max(...of.map(({ memory }) => memory));
  const [before, after] = [peak(late.slice(0, late.length >> 1)), peak(late.slice(late.length >> 1))];
  return [
    ...(grown - ERRORS * error > bound
      ? [
          `memory grew by ${grown.toFixed(1)} ± ${error.toFixed(1)} MB in ${minutes.toFixed(1)} min, bound ${bound.toFixed(1)}`,
        ]
      : []),
    ...(after > before * (1 + NEW_PEAK)
      ? [`memory reaches ${after.toFixed(0)} MB after ${before.toFixed(0)} MB`]
      : []),
  ];
}

/** Samples of which the lowest shows what a collector leaves. */
const FLOOR = 6;

/** Objects that are never let go: the floor of the used heap and of what it holds outside rises while a node is warm. */
export function heapFlaws(late: readonly Sample[]): string[] {
  const floors = Array.from({ length: Math.floor(late.length / FLOOR) }, (_, i) => {
    const some = late.slice(i * FLOOR, (i + 1) * FLOOR);
    return { at: some[0]!.at, value: Math.min(...some.map(({ heap, external }) => heap + external)) };
  });
  const { grown, error } = growth(floors);
  const minutes = (floors.at(-1)!.at - floors[0]!.at) / 60;
  const bound = (HELD_GROWTH * floors[0]!.value * minutes) / 10;
  return grown - ERRORS * error > bound
    ? [`the floor rose by ${grown.toFixed(1)} ± ${error.toFixed(1)} MB, bound ${bound.toFixed(1)}`]
    : [];
}

/** Descriptors that a node may have more of, once warm: connections are replaced, logs are rotated. */
const FEW = 8;

/** Descriptors that are not given back while a node is warm. */
export function descriptorFlaws(late: readonly Sample[]): string[] {
  const { grown, error } = growth(late.map(({ at, descriptors }) => ({ at, value: descriptors })));
  return grown - ERRORS * error > FEW
    ? [`open descriptors grew by ${grown.toFixed(1)} ± ${error.toFixed(1)}, bound ${FEW}`]
    : [];
}

/** Bytes that LevelDB holds beyond what is live: two logs of 32 MiB, and as much in tables that wait to be merged. */
const LEVEL_SLACK = 128 * 1024 * 1024;
/** What the same content takes more on disk: overwritten values in lower levels, blocks, indexes. */
const LEVEL_FACTOR = 1.5;

/** A store that grows by more than its records and blocks cost. */
export function storeFlaws(
  samples: readonly Sample[],
  cost: { readonly record: number; readonly block: number },
): string[] {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const computed = (last.records - first.records) * cost.record + (last.blocks - first.blocks) * cost.block;
  const bound = LEVEL_FACTOR * computed + LEVEL_SLACK;
  const grown = last.db - first.db;
  return grown > bound
    ? [`the store grew by ${megabytes(grown)}, its records and blocks cost ${megabytes(computed)}`]
    : [];
}

/** Final blocks after which the write-ahead log is rewritten, and how many more may pass until nothing waits to be written. */
const REWRITTEN_AFTER = 256;
const UNTIL_IDLE = 256;

/** A write-ahead log that is not rewritten. */
export function logFlaws(samples: readonly Sample[], blockBytes: number): string[] {
  const bound = (REWRITTEN_AFTER + UNTIL_IDLE) * blockBytes;
  const most = Math.max(...samples.map(({ wal }) => wal));
  return most > bound ? [`the log reached ${megabytes(most)}, bound ${megabytes(bound)}`] : [];
}

/** Statuses with which a node that has no room, or no quorum, sends a client away. */
const LATER = [429, 503];

/** Refusals that do not say that the client is to come again, and when. */
export function refusalFlaws(refusals: readonly Refusal[]): string[] {
  const flaws = refusals.flatMap(({ status, retryAfter }) => [
    ...(LATER.includes(status) ? [] : [`status ${status}`]),
    ...(retryAfter === null ? [`${status} without Retry-After`] : []),
  ]);
  return [...new Set(flaws)].map(flaw => `${flaw}, ${flaws.filter(one => one === flaw).length} times`);
}

/** How many times what a network can carry it is offered. */
const TIMES = 10;

/**
 * An overload that was none. What counts was sent, not due; what the network can carry is the most it was seen to, before
 * the flood or under it. All of them submissions of one kind a second.
 */
export function offerFlaws(sent: number, carried: readonly number[]): string[] {
  const least = TIMES * Math.max(...carried);
  return sent >= least
    ? []
    : [`${sent.toFixed(1)} a second were sent, ${TIMES} times what it carries are ${least.toFixed(1)}`];
}

/**
 * Ms within which half of the refusals are answered, and 99 in 100: the least that they ask a client to wait, and twice
 * that. What is refused later keeps a client longer from trying another node than what the node asks of it.
 */
const FAST_MS = 1_000;
const SLOW_MS = 2_000;

/** Refusals that come late, or none at all. */
export function slowFlaws(times: readonly number[]): string[] {
  if (times.length === 0) return ['nobody had an answer'];
  const bounds = [
    { share: 'half', ms: median(times), most: FAST_MS },
    { share: '1 in 100', ms: percentile(times, 0.99), most: SLOW_MS },
  ];
  return bounds.flatMap(({ share, ms, most }) =>
    ms <= most ? [] : [`${share} took ${ms.toFixed(0)} ms or more, bound ${most}`],
  );
}

/** Part of a soak: records a second that the network can carry before and after it, and that it made in between. */
export interface Leg {
  readonly before: number;
  readonly after: number;
  readonly made: number;
}

/** Share of what the network can carry that a soak holds. */
export const SOAK_SHARE = 0.5;
/** Share of that which has to be made: the rest is for a leader that was given up, and for what the clock rounds. */
const HELD = 0.95;
/** Share of what an empty ledger carries that is left however long it grew: half of nothing is held by a network that stands. */
const LEFT = 0.25;

/** Parts of a soak in which the rate was not held, or after which too little can be carried. */
export function rateFlaws(legs: readonly Leg[]): string[] {
  const flaws = legs.flatMap(({ before, after, made }, i) => [
    ...(made >= HELD * SOAK_SHARE * before
      ? []
      : [`part ${i + 1} made ${made.toFixed(0)} records/s of ${(SOAK_SHARE * before).toFixed(0)}`]),
    ...(after >= LEFT * legs[0]!.before
      ? []
      : [
          `after part ${i + 1} ${after.toFixed(0)} records/s can be carried of ${legs[0]!.before.toFixed(0)}`,
        ]),
  ]);
  return legs.length === 0 ? ['no rate was held'] : flaws;
}

/** Acknowledged records that a node's list does not have in their places. */
export function lost(records: readonly LedgerRecord[], kept: readonly Write[]): string[] {
  const digests = new Map(records.map(({ index, digest }) => [index, digest]));
  return kept.flatMap(({ digest, acknowledged }) =>
    acknowledged === null || digests.get(acknowledged.index) === digest
      ? []
      : [`record ${acknowledged.index} is not there`],
  );
}

/** Members of a list of whom a checkpoint carries a cosignature. */
export function cosignedBy(note: string, members: readonly string[]): string[] {
  const signers = [...note.matchAll(/^— \S+\/(\d{6}) /gm)].map(([, code]) => code!);
  return members.filter(member => signers.includes(member)).map(member => `${member} cosigned`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
