import fc from 'fast-check';
import type { Claim, Decoder } from './decoder.ts';
import { edited, edits } from './edits.ts';

/** What came of the inputs of a decoder. */
export interface Fuzzed {
  readonly refused: number;
  readonly taken: number;
}

/**
 * Gives a decoder `inputs` edited samples. Throws, with the shortest edits that show it and their seed, on one that makes
 * it throw or break its claim; else says how many were refused.
 */
export function fuzzed(decoder: Decoder, inputs: number, seed?: number): Fuzzed {
  let refused = 0;
  let taken = 0;
  const which = fc.nat({ max: decoder.samples.length - 1 });
  fc.assert(
    fc.property(which, edits, (sample, list) => {
      if (decoder.takes(edited(decoder.samples[sample]!, list))) taken++;
      else refused++;
    }),
    { numRuns: inputs, includeErrorInReport: true, ...(seed === undefined ? {} : { seed }) },
  );
  return { refused, taken };
}

/** What holds of the inputs that were taken. */
export const CLAIMS: Readonly<Record<Claim, string>> = {
  exact: 'taken and written as they came',
  same: 'taken, and the same value once written',
  only: 'taken, none but the sample',
  none: 'taken',
};
