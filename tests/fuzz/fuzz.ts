import { equalBytes, toHex } from '@qifeng/core';
import fc from 'fast-check';
import type { Decoder } from './decoders.ts';
import { edited, edits } from './edits.ts';

/**
 * Gives a decoder `inputs` edited samples. Throws, with the shortest edits that show it and their seed, on one that makes
 * it throw or that it takes and writes otherwise; else says how many were refused.
 */
export function fuzzed(
  decoder: Decoder,
  inputs: number,
  seed?: number,
): { readonly refused: number; readonly taken: number } {
  let refused = 0;
  let taken = 0;
  const which = fc.nat({ max: decoder.samples.length - 1 });
  fc.assert(
    fc.property(which, edits, (sample, list) => {
      const input = edited(decoder.samples[sample]!, list);
      const again = decoder.again(input);
      if (again === null) refused++;
      else {
        taken++;
        if (!equalBytes(again, input)) throw new Error(`${decoder.name}: written otherwise: ${toHex(input)}`);
      }
    }),
    { numRuns: inputs, ...(seed === undefined ? {} : { seed }) },
  );
  return { refused, taken };
}
