// `npm run systems -- [--only NAME] [--write]`: plays the scripts on a network of four nodes and prints their transcripts;
// with --write they replace those in docs/systems. Ends with 1 if a step went otherwise than its script says.
import { parseArgs } from 'node:util';
import { writeTranscript } from './pages.ts';
import { play } from './play.ts';
import { SYSTEMS } from './scripts/all.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, write: { type: 'boolean', default: false } },
});
const wanted = SYSTEMS.filter(({ name }) => values.only?.some(part => name.includes(part)) ?? true);
if (wanted.length === 0) {
  console.error(`no such system; there are ${SYSTEMS.map(({ name }) => name).join(' ')}`);
  process.exit(2);
}
const world = new World();
try {
  world.start();
  for (const system of wanted) {
    const { transcript, problems } = await play(system, world);
    if (values.write) writeTranscript(system.name, transcript);
    else console.log(`== ${system.name}  ${system.title.zh}\n\n${transcript}`);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
  }
} finally {
  await world.end();
}
