import type { ChainFacts, RecordFacts, Refusal, StandingFacts } from './facts.ts';

/** The links of the chain of evidence, in the order of the proof. */
export const LINKS = ['file', 'publisher', 'log', 'provinces', 'standing'] as const;
/** One of them. */
export type LinkName = (typeof LINKS)[number];
/** Whether each link holds; null where it was not reached, absent where nothing was given to judge it by. */
export type Links = Readonly<Partial<Record<LinkName, boolean | null>>>;

/** Who gave what was judged: the person, or the node that was asked for it. */
export type Giver = 'person' | 'node';

/** How many of the records that a proof counts were verified; `all` where they are all there are. */
export interface Counted {
  readonly here: number;
  readonly of: number;
}

/** A record by a node's word alone. */
export interface SaidRecord {
  readonly index: number;
  readonly subject: string;
  readonly publisher: string;
  readonly time: number;
  readonly state: string | null;
}

/** The verdict on what was given, or on a digest that a node was asked about. `compared`: a document was among it and is the one. */
export type Outcome =
  /** A receipt, with where its subject stands if a proof of that came along. */
  | {
      readonly kind: 'record';
      readonly compared: boolean;
      readonly record: RecordFacts;
      readonly standing: StandingFacts | null;
      readonly counted: Counted | null;
      readonly chain: ChainFacts;
    }
  /**
   * What the state holds of something. `records` are all there are where `counted` says so; `standings` those of a digest's
   * subjects.
   */
  | {
      readonly kind: 'state';
      readonly giver: Giver;
      readonly compared: boolean;
      readonly state: StandingFacts;
      readonly records: readonly RecordFacts[];
      readonly counted: Counted | null;
      readonly standings: readonly StandingFacts[];
      readonly chain: ChainFacts;
    }
  /** A node's word, with why there is no proof. */
  | { readonly kind: 'word'; readonly records: readonly SaidRecord[]; readonly why: string }
  | {
      readonly kind: 'refuted';
      readonly giver: Giver;
      readonly fault: Refusal;
      readonly links: Links;
      readonly chain: ChainFacts;
    };
