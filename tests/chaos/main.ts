import { parseArgs } from 'node:util';
import { STRAINS, strainOf } from './byzantine/strains.ts';
import { playRound, type RoundReport } from './round.ts';
import { describeRound, FAULTS, roundOf } from './schedule.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '3' },
    nodes: { type: 'string' },
    /** Instead of rounds: every way to lie (`all`) or only these, separated by commas, each at four and at seven nodes. */
    liars: { type: 'string' },
    /** Play this round alone. */
    round: { type: 'string' },
    /** Only these faults, separated by commas. */
    faults: { type: 'string' },
    /** Print what would be done, and do nothing. */
    plan: { type: 'boolean', default: false },
  },
});
const PLANNED = 10;

// Leaving through the front door ends the processes too.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));

const seed = Number(values.seed);
const n = Number(values.nodes ?? 4);
const strains = values.liars === 'all' ? Object.keys(STRAINS) : (values.liars?.split(',') ?? []);
const names = values.faults?.split(',');
const refuse = (asked: readonly string[], what: string, known: object): void => {
  const unknown = asked.filter(name => !(name in known));
  if (unknown.length > 0)
    throw new Error(`no ${what} ${unknown.join(', ')}; there are ${Object.keys(known).join(', ')}`);
};
refuse(names ?? [], 'fault', FAULTS);
refuse(strains, 'lie', STRAINS);

const start = performance.now();
const minutes = (): number => (performance.now() - start) / 60_000;
const say = (text: string): void => console.log(`${(minutes() * 60).toFixed(1).padStart(7)} s  ${text}`);
const first = Number(values.round ?? 0);
const isOver = (number: number): boolean => {
  if (values.round !== undefined) return number > first;
  return values.plan ? number >= PLANNED : minutes() >= Number(values.minutes);
};

let broken = 0;
let [writes, reads, rounds] = [0, 0, 0];
const count = (report: RoundReport): void => {
  rounds++;
  writes += report.writes;
  reads += report.reads;
  for (const flaw of report.flaws) say(`  BROKEN ${flaw}`);
  if (report.flaws.length === 0) return;
  broken++;
  say(`  the network is left in ${report.home}`);
};
const tell = (text: string): void => say(`  ${text}`);

if (values.liars === undefined) {
  console.log(`seed ${seed}: the same rounds again with npm run chaos -- --seed ${seed} --nodes ${n}`);
  for (let number = first; !isOver(number); number++) {
    const round = roundOf(seed, number, n, names);
    say(describeRound(round));
    if (!values.plan) count(await playRound(round, n, tell));
  }
} else {
  for (const size of values.nodes === undefined ? [4, 7] : [n]) {
    for (const name of strains) {
      const { round, witness } = strainOf(name, size, seed);
      say(`${size} nodes, of which ${round.lies!.seats.join(' and ')} lie: ${name}`);
      if (!values.plan) count(await playRound(round, size, tell, witness));
    }
  }
}
say(`${rounds} rounds, ${writes} records sent, ${reads} reads, ${broken} rounds broken`);
process.exit(broken === 0 ? 0 : 1);
