import type { ChainFacts, Outcome, Refusal } from './outcome.ts';

/** What the page asks of the worker. A newer `verify` ends one that is under way. */
export type Question =
  | { readonly kind: 'genesis'; readonly id: number; readonly bytes: Uint8Array }
  | {
      readonly kind: 'verify';
      readonly id: number;
      /** Hash of a genesis that was asked about before. */
      readonly genesis: string;
      readonly file: Blob;
      readonly receipt: Blob;
    };

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
  | { readonly kind: 'unreadable'; readonly id: number; readonly detail: string };
