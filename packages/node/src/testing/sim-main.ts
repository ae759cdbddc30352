import { parseArgs } from 'node:util';
import { fight, MUTANTS } from './mutants.ts';
import { runSchedules } from './simulator/suite.ts';

const HELP = `npm run sim -- [--n 4] [--seed S | --from A --to B] [--commits 100]
  runs seeded schedules of the consensus simulator and prints what each did
npm run mutants -- [--seeds 500] [--only NAME]
  finds, for each protocol mutant, the first seed whose schedule the checker named in mutants.ts kills it in`;

const { values } = parseArgs({
  options: {
    mutants: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
    n: { type: 'string', default: '4' },
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    to: { type: 'string', default: '101' },
    commits: { type: 'string', default: '100' },
    seeds: { type: 'string', default: '500' },
    only: { type: 'string' },
  },
});

if (values.help) console.log(HELP);
else if (values.mutants) await findKillers(Number(values.seeds), values.only);
else schedules();

function schedules(): void {
  const from = Number(values.seed ?? values.from);
  const to = values.seed === undefined ? Number(values.to) : from + 1;
  const { reports, counts } = runSchedules(Number(values.n), from, to, Number(values.commits));
  for (const { seed, blocks, batches, time, trace } of reports) {
    console.log(
      `${seed}\t${blocks} blocks\t${batches} batches\t${(time / 1000).toFixed(1)} s virtual\ttrace ${trace}`,
    );
  }
  console.log(JSON.stringify(counts, null, 2));
}

async function findKillers(seeds: number, only: string | undefined): Promise<void> {
  for (const mutant of MUTANTS.filter(({ name }) => only === undefined || name === only)) {
    let killer: number | null = null;
    for (let seed = 1; seed <= seeds && killer === null; seed++) {
      if ((await fight(mutant, seed))?.checker === mutant.by) killer = seed;
    }
    console.log(
      `${mutant.name}\t${killer === null ? `survives ${seeds} schedules` : `killed in schedule ${killer}`}`,
    );
  }
}
