import type { Counts } from './counts.ts';
import type { CrashPlan } from './crash-plan.ts';
import type { Profile, Shape } from './shape.ts';
import type { Watch } from './world.ts';

/** How a schedule is watched. */
export interface Options {
  /** Checkers that keep silent, so that a mutant must be caught by the others. */
  readonly deaf?: readonly string[];
  /** Draws a shape of this profile rather than of any. */
  readonly profile?: Profile;
  /** Signs and checks with Ed25519 in place of a table. */
  readonly realSignatures?: boolean;
  /** Batches expire that wait, in half of the schedules. */
  readonly expiry?: boolean;
  /** Who is far behind comes to another's certified state. */
  readonly snapshots?: boolean;
  /** Reads the run. */
  readonly onEvent?: (event: string) => void;
  /** Loses records that were synced, at each crash: a lie of the disk that the checkers must find. */
  readonly lostFsync?: boolean;
  /** One crash at a place of its own, and none by chance. */
  readonly crashes?: CrashPlan;
  /** Makes one more watch, which sees what honest replicas do before the checkers. */
  readonly observe?: (observed: Observed) => Partial<Watch>;
}

/** What an observer must know of a run. */
export interface Observed {
  /** Hash of the block below all. */
  readonly genesis: string;
  readonly window: number;
  readonly term: number;
  /** Members that may do anything, with their first keys. */
  readonly guilty: ReadonlySet<number>;
  /** Key numbers of an epoch's set by position; null if nothing began it. */
  keysOf(epoch: number): readonly number[] | null;
}

/** What a schedule did. The same seed and protocol give the same report. */
export interface Report {
  readonly seed: number;
  readonly shape: Shape;
  readonly counts: Counts;
  /** Blocks executed, and batches in them. */
  readonly blocks: number;
  readonly batches: number;
  /** Leaves of the log. */
  readonly records: number;
  /** Epochs begun after the first. */
  readonly epochs: number;
  /** Virtual ms. */
  readonly time: number;
  readonly trace: string;
}
