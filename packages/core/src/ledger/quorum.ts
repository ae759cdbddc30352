import { invariant } from '../encoding/result.ts';

/** Faulty validators that n tolerate: f = floor((n-1)/3). */
export function faultsTolerated(n: number): number {
  invariant(Number.isSafeInteger(n) && n >= 1, 'a set has at least one validator');
  return Math.floor((n - 1) / 3);
}

/**
 * Votes that decide: q = floor((n+f)/2) + 1. Any two quorums then share at least f+1 validators; a plain 2f+1 would
 * share only f at n = 5.
 */
export function quorum(n: number): number {
  return Math.floor((n + faultsTolerated(n)) / 2) + 1;
}
