import type { EpochValue } from '../records/state.ts';
import type { Chain, Validator } from './genesis.ts';

/** The validators of one epoch, by member code, and the first height at which they decide. */
export interface EpochSet {
  readonly epoch: number;
  readonly start: number;
  readonly validators: readonly Validator[];
}

/** The set that the genesis names. */
export function firstSet({ validators }: Chain): EpochSet {
  return { epoch: 0, start: 1, validators };
}

/** What is wrong with a set's value in itself, or null: the count, an order other than by member code. */
export function epochValueFlaw({ n, validators }: EpochValue): string | null {
  if (n !== validators.length) return `${validators.length} validators, n says ${n}`;
  const sorted = validators.every(({ code }, i) => i === 0 || validators[i - 1]!.code < code);
  return sorted ? null : 'validators out of order or named twice';
}
