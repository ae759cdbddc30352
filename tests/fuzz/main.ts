import { parseArgs } from 'node:util';
import { decoders } from './decoders.ts';
import { CLAIMS, fuzzed } from './fuzz.ts';

/*
 * npm run fuzz -- [--inputs N] [--only NAME]... [--seed S]: so many inputs for each decoder, ten million unless told
 * otherwise. The last line is `N passed, N failed`; a failure is shown with the seed and the shortest edits.
 */

/** Inputs between two lines of progress; each share has a seed of its own. */
const SHARE = 100_000;

function main(): void {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '10000000' },
      only: { type: 'string', multiple: true },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    },
  });
  const inputs = Number(values.inputs);
  const first = Number(values.seed);
  const chosen = decoders().filter(({ name }) => values.only?.includes(name) ?? true);
  if (!Number.isSafeInteger(inputs) || !Number.isSafeInteger(first) || chosen.length === 0) {
    console.error(`--inputs and --seed are numbers, --only some of: ${decoders().map(({ name }) => name)}`);
    process.exitCode = 2;
    return;
  }
  let failed = 0;
  for (const decoder of chosen) {
    let taken = 0;
    try {
      for (let done = 0; done < inputs; done += SHARE) {
        taken += fuzzed(decoder, Math.min(SHARE, inputs - done), (first + done) | 0).taken;
        if (process.stderr.isTTY) process.stderr.write(`\r${decoder.name}: ${done} of ${inputs}   `);
      }
      console.log(`${decoder.name}: ${inputs} inputs, ${taken} ${CLAIMS[decoder.claim]}`);
    } catch (error) {
      failed++;
      console.error(`${decoder.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

main();
