import type { ChainFacts, Refusal } from './facts.ts';
import type { Outcome } from './outcome.ts';

/** What every question for a verdict says. */
interface Asking {
  readonly id: number;
  /** Hash of a genesis that was asked about before. */
  readonly genesis: string;
  /** The clock that ages are judged by, in ms, and how old a proof of the standing may be. */
  readonly now: number;
  readonly maxAgeMs: number;
  readonly document: Blob | null;
}

/** What the page asks of the worker. A newer question for a verdict ends one that is under way. */
export type Question =
  | { readonly kind: 'genesis'; readonly id: number; readonly bytes: Uint8Array }
  | (Asking & { readonly kind: 'files'; readonly receipts: readonly Blob[]; readonly status: Blob | null })
  /** A digest as `alg:hex`. */
  | (Asking & { readonly kind: 'node'; readonly digest: string });

/** A question for a verdict, before it has its number. */
export type Wanted = Unnumbered<Exclude<Question, { readonly kind: 'genesis' }>>;
type Unnumbered<Q> = Q extends Question ? Omit<Q, 'id'> : never;

/** What the worker says, each to the question of that id. */
export type Reply =
  | {
      readonly kind: 'genesis';
      readonly id: number;
      readonly facts: ChainFacts | null;
      readonly fault: Refusal | null;
    }
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly kind: 'outcome'; readonly id: number; readonly outcome: Outcome }
  | { readonly kind: 'unreadable'; readonly id: number; readonly detail: string }
  | { readonly kind: 'no-answer'; readonly id: number; readonly detail: string };
