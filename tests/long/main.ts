import { inspect, parseArgs } from 'node:util';
import { Network } from '../end-to-end/network.ts';
import { membership } from './membership.ts';
import { provinces } from './provinces.ts';
import { scale } from './scale.ts';
import { soak } from './soak.ts';
import { Trial } from './trial.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Validators of `provinces`, and at most in `membership`. */
    nodes: { type: 'string', default: '31' },
    /** Of `soak`, after saturation was measured. */
    minutes: { type: 'string', default: '20' },
    /** Of `scale`: enterprises enrolled, and records they make. */
    publishers: { type: 'string', default: '30000' },
    records: { type: 'string', default: '100000' },
  },
});

type Test = (trial: Trial, network: Network) => Promise<void>;
const TESTS: Readonly<Record<string, Test>> = {
  provinces: (trial, network) => provinces(trial, network, Number(values.nodes)),
  membership: (trial, network) => membership(trial, network, Number(values.nodes)),
  soak: (trial, network) => soak(trial, network, Number(values.minutes)),
  scale: (trial, network) => scale(trial, network, Number(values.publishers), Number(values.records)),
};

const [name = ''] = positionals;
const test = TESTS[name];
if (test === undefined) throw new Error(`npm run long -- NAME, one of ${Object.keys(TESTS).join(', ')}`);

const network = new Network();
const trial = new Trial();
const stop = (code: number): void => {
  network.end();
  process.exit(code);
};
process.once('SIGINT', () => stop(130));
process.once('SIGTERM', () => stop(143));
try {
  await test(trial, network);
} catch (error) {
  trial.verdict(`${name} comes to its end`, [inspect(error)]);
  trial.say(`the last lines of the nodes' logs:\n${network.logs()}`);
}
network.end();
process.exit(trial.end());
