/** A name in both languages of the page. */
export interface Titles {
  readonly zh: string;
  readonly en: string;
}

/** Why something was refused, by its stable code. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

/** What the page shows of a genesis. Hashes are lowercase hex. */
export interface ChainFacts {
  readonly hash: string;
  readonly name: string;
  readonly origin: string;
  readonly validators: number;
}

/** One member that cosigned. */
export interface CosignerFacts {
  readonly code: string;
  readonly title: Titles;
}

/** What a verified receipt says, ready to be shown. Times in ms, digest as `alg:hex`. */
export interface RecordFacts {
  readonly recordedAt: number;
  readonly existedNoLaterThan: number;
  readonly publisher: { readonly id: string; readonly name: string | null };
  readonly subject: string;
  readonly title: string | null;
  readonly profile: Titles;
  readonly action: Titles;
  readonly height: number;
  readonly index: number;
  readonly cosigners: readonly CosignerFacts[];
  /** Validators in the set that they are of. */
  readonly of: number;
  readonly digest: string | null;
}

/** The links of the chain of evidence, in the order of the proof. */
export const LINKS = ['file', 'publisher', 'log', 'provinces'] as const;
/** One of them. */
export type LinkName = (typeof LINKS)[number];
/** Whether each link holds; null where it was not reached. */
export type Links = Readonly<Record<LinkName, boolean | null>>;

/** The verdict on a file and its receipt. */
export type Outcome =
  | { readonly kind: 'verified'; readonly record: RecordFacts; readonly chain: ChainFacts }
  | {
      readonly kind: 'refuted';
      readonly fault: Refusal;
      readonly links: Links;
      readonly chain: ChainFacts;
    };
