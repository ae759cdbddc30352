import { parseArgs } from 'node:util';
import { chosenStages, runStages, STAGES } from './stages.ts';

/*
 * npm run test:long -- [--only NAME,NAME]: every long test one after another. The last line is `N passed, N failed`, of
 * stages.
 */

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const stopped = new AbortController();
// The present stage ends its own processes; none is begun after it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());

try {
  const stages = chosenStages(STAGES, values.only);
  process.exitCode = await runStages(stages, line => console.log(line), stopped.signal);
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
