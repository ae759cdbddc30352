import type { Item, Target } from './item.ts';

/** What came of one file, or of one action without a file. */
export type Outcome =
  /** Recorded, and its verified receipt is in its place. `resumed`: signed by an earlier run. */
  | { readonly type: 'ok'; readonly index: number; readonly height: number; readonly resumed: boolean }
  /** Its receipt verified before anything was sent. */
  | { readonly type: 'already'; readonly index: number; readonly height: number }
  /** Refused by the ledger; `entry` is its number in the submission where it alone is at fault. */
  | {
      readonly type: 'refused';
      readonly code: string;
      readonly detail: string;
      readonly entry: number | null;
      /** The state of its subject by the node's word, `none` without a record; null where that does not speak against it. */
      readonly state: string | null;
    }
  /** Not final in time, or no node to be reached. `kept`: signed and in the journal, so taken up by the next run. */
  | { readonly type: 'pending'; readonly code: string; readonly detail: string; readonly kept: boolean }
  /** Final by a node's word, and the receipt it gives does not verify. */
  | { readonly type: 'unproven'; readonly code: string; readonly detail: string };

/** One target's outcome with what was asked for it. */
export interface Reported {
  readonly target: Target;
  readonly item: Item;
  readonly outcome: Outcome;
}

/** Called once for each target of an item. */
export type Report = (reported: Reported) => void;
