import { parseArgs } from 'node:util';
import { playRound } from './round.ts';
import { describeRound, FAULTS, roundOf } from './schedule.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '3' },
    nodes: { type: 'string', default: '4' },
    /** Play this round alone. */
    round: { type: 'string' },
    /** Only these faults, separated by commas. */
    faults: { type: 'string' },
    /** Print what would be done, and do nothing. */
    plan: { type: 'boolean', default: false },
  },
});
const PLANNED = 10;

const seed = Number(values.seed);
const n = Number(values.nodes);
const names = values.faults?.split(',');
const unknown = names?.filter(name => !(name in FAULTS)) ?? [];
if (unknown.length > 0)
  throw new Error(`no fault ${unknown.join(', ')}; there are ${Object.keys(FAULTS).join(', ')}`);

const start = performance.now();
const minutes = (): number => (performance.now() - start) / 60_000;
const say = (text: string): void => console.log(`${(minutes() * 60).toFixed(1).padStart(7)} s  ${text}`);
const first = Number(values.round ?? 0);
const isOver = (number: number): boolean => {
  if (values.round !== undefined) return number > first;
  return values.plan ? number >= PLANNED : minutes() >= Number(values.minutes);
};

console.log(`seed ${seed}: the same rounds again with npm run chaos -- --seed ${seed} --nodes ${n}`);
let broken = 0;
let [writes, reads, rounds] = [0, 0, 0];
for (let number = first; !isOver(number); number++) {
  const round = roundOf(seed, number, n, names);
  say(describeRound(round));
  if (values.plan) continue;
  const report = await playRound(round, n, text => say(`  ${text}`));
  rounds++;
  writes += report.writes;
  reads += report.reads;
  for (const flaw of report.flaws) say(`  BROKEN ${flaw}`);
  if (report.flaws.length > 0) {
    broken++;
    say(`  the network is left in ${report.home}`);
  }
}
say(`${rounds} rounds, ${writes} records sent, ${reads} reads, ${broken} rounds broken`);
process.exit(broken === 0 ? 0 : 1);
