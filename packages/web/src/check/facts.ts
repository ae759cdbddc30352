import type { Verdict } from '@qifeng/core';

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

/** A publisher by its code, with its name where the genesis enrols it. */
export interface PublisherFacts {
  readonly id: string;
  readonly name: string | null;
}

/** One place of a sealed record: its value where the receipt opens it, null where it stays hidden. */
export interface PlaceFacts {
  readonly place: string;
  /** Of a field that the genesis's profile names. */
  readonly title: Titles | null;
  readonly value: string | null;
  /** The code of what is wrong with a value by the field's format; null where nothing is known to be. */
  readonly flaw: string | null;
}

/** What a receipt opens of a sealed record and what it does not; what its dates come to, where it shows any. */
export interface DisclosedFacts {
  readonly places: readonly PlaceFacts[];
  readonly validity: {
    readonly from: string | null;
    readonly to: string | null;
    readonly word: 'in-force' | 'not-yet' | 'lapsed';
  } | null;
}

/** What a verified receipt says, ready to be shown. Times in ms, digest as `alg:hex`. */
export interface RecordFacts {
  readonly recordedAt: number;
  readonly existedNoLaterThan: number;
  readonly publisher: PublisherFacts;
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
  /** Whether its file only accompanied the action, by the subject's profile. */
  readonly encloses: boolean;
  /** Null for a record in the open. */
  readonly disclosed: DisclosedFacts | null;
}

/** What amended, replaced or repealed a subject: the relation, the other subject, and the record that says so. */
export interface ByFacts {
  readonly rel: string;
  readonly subject: string;
  readonly index: number;
}

/** A record of another subject that says it took this one's place, changed it or ended it. */
export interface InboundFacts {
  readonly rel: string;
  readonly subject: string;
  readonly index: number;
  readonly title: string | null;
  readonly publisher: PublisherFacts;
  /** Issuers of this subject that did not sign it; none: it is said with their authority. */
  readonly unsigned: readonly PublisherFacts[];
}

/** What a verified status proof says, ready to be shown. Times in ms, digests as `alg:hex`. */
export interface StandingFacts {
  /** A subject as commands take it, a digest, or a publisher's code. */
  readonly about: string;
  /** The checkpoint's time, and how long before the verifier's clock that is. */
  readonly asOf: number;
  readonly age: number;
  readonly height: number;
  /** Records in the log at the checkpoint. */
  readonly size: number;
  readonly cosigners: readonly CosignerFacts[];
  /** Validators in the set that they are of. */
  readonly of: number;
  /** The last record of it; null where there is none. */
  readonly last: RecordFacts | null;
  /** What other records say of a subject, verified; `complete` where the node says that there are no others. Null: not known. */
  readonly inbound: { readonly links: readonly InboundFacts[]; readonly complete: boolean } | null;
  readonly holds:
    | {
        readonly kind: 'subject';
        readonly word: Verdict['word'];
        readonly inForce: boolean;
        /** Dates of a sealed subject in force that no receipt here shows, by the names of their fields. */
        readonly undisclosed: readonly string[];
        /** What it comes to after `validTo`, where its last record says so already; else null. */
        readonly next: Verdict['word'] | null;
        /** The state's title in its profile; null where the subject was never recorded. */
        readonly state: Titles | null;
        readonly by: readonly ByFacts[];
        readonly validFrom: string | null;
        readonly validTo: string | null;
        readonly awaiting: readonly string[];
        readonly owner: PublisherFacts | null;
        readonly version: number;
        readonly digest: string | null;
      }
    /** How often a digest was recorded, and the first and the last log index; null for never. */
    | {
        readonly kind: 'digest';
        readonly value: { readonly first: number; readonly last: number; readonly count: number } | null;
      }
    | {
        readonly kind: 'publisher';
        readonly value: {
          readonly name: string;
          readonly status: 'active' | 'suspended';
          readonly records: number;
        } | null;
      };
}
