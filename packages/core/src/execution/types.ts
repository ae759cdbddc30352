import type { Hasher } from '../crypto/hasher.ts';
import type { Verifier } from '../crypto/verifier.ts';
import type { Header } from '../ledger/block.ts';
import type { Chain } from '../ledger/genesis.ts';
import type { Leaf } from '../records/leaf.ts';
import type { SubjectValue } from '../records/state.ts';
import type { Submission } from '../records/submission.ts';

/** The certified state as execution reads it: that after the block before. */
export interface StateView {
  /** Value under a canonical name (`stateName`), or null. */
  value(name: Uint8Array): Uint8Array | null;
  /** Ids in the replay memory with `expires` (ms) at or before a time, in (expires, id) order. */
  expired(until: number): Iterable<Uint8Array>;
}

/** What execution knows besides the state: the chain's identity and its suite. */
export interface Rules {
  readonly chain: Chain;
  readonly hasher: Hasher;
  /** For the signatures inside governance records; a submission's own are part of being well-formed. */
  readonly verifier: Verifier;
}

/** One value of the state, or null for one that is deleted, under its canonical name. */
export type NamedValue<V = Uint8Array | null> = readonly [name: Uint8Array, value: V];

/** A committed block as execution takes it: well-formed submissions in the order of the header's batches. */
export interface BlockInput {
  readonly header: Pick<Header, 'height' | 'timestamp'>;
  /** Log size before this block. */
  readonly firstIndex: number;
  /** Strictly decoded and with verified signatures: nothing of that is checked again. */
  readonly submissions: readonly Submission[];
}

/** Why a submission is refused: stable code, number of the entry at fault if one is, sentence in English. */
export interface Refusal {
  readonly code: string;
  readonly entry: number | null;
  readonly detail: string;
}

/** What became of a submission, as `Outcome` of the ledger store's port has it. */
export interface SubmissionOutcome {
  readonly id: Uint8Array;
  readonly height: number;
  readonly first: number | null;
  readonly count: number;
  readonly refusal: Refusal | null;
}

/** One row of a list kept for queries: a record that is no longer the last one under `name`, a `stateName`. */
export interface IndexRow {
  readonly list: 'digest' | 'subject' | 'publisher';
  readonly name: Uint8Array;
  readonly index: number;
}

/** A record, its subject's standing after it, and what the subject's issuer is called, null where it is not enrolled. */
export interface ExecutedRecord {
  readonly leaf: Leaf;
  readonly subject: SubjectValue;
  readonly issuerName: string | null;
}

/** Everything one block does. */
export interface BlockResult {
  /** Canonical bytes of the leaves it adds. */
  readonly leaves: readonly Uint8Array[];
  /** The same records as they were before they were encoded, for indexes. */
  readonly records: readonly ExecutedRecord[];
  /** Each changed value once, in the order of its first change. */
  readonly changes: readonly NamedValue[];
  /** Of the submissions that this block recorded or refused; repeats have theirs already. */
  readonly outcomes: readonly SubmissionOutcome[];
  readonly rows: readonly IndexRow[];
  /** Submissions outside their time window: they leave no trace, only whoever holds them may be told. */
  readonly dropped: readonly { readonly id: Uint8Array; readonly refusal: Refusal }[];
  /** The next epoch begins with the block above: one of its submissions changed the members. */
  readonly closes: boolean;
}
