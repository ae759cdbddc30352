import { inspect, parseArgs } from 'node:util';
import { Network } from '../end-to-end/network.ts';
import { catchUp } from './catch-up.ts';
import { membership } from './membership.ts';
import { overload } from './overload.ts';
import { provinces } from './provinces.ts';
import { scale } from './scale.ts';
import { soak } from './soak.ts';
import { Trial } from './trial.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Validators of `provinces`, and at most in `membership`. */
    nodes: { type: 'string', default: '31' },
    /** Of `soak` (20) and of `overload` (2), after saturation was measured. */
    minutes: { type: 'string' },
    /** Of `catch-up`: those that are made without the node. */
    blocks: { type: 'string', default: '5000' },
    /** Of `scale`: enterprises enrolled, and records they make. */
    publishers: { type: 'string', default: '30000' },
    records: { type: 'string', default: '100000' },
  },
});

type Test = (trial: Trial) => Promise<void>;

/** A test on a network of its own, which is stopped and removed when this process ends, however it ends. */
const onNetwork =
  (test: (trial: Trial, network: Network) => Promise<void>): Test =>
  async trial => {
    const network = new Network();
    process.once('exit', () => network.end());
    try {
      await test(trial, network);
    } catch (error) {
      throw new Error(`the last lines of the nodes' logs:\n${network.logs()}`, { cause: error });
    }
  };

const TESTS: Readonly<Record<string, Test>> = {
  provinces: onNetwork((trial, network) => provinces(trial, network, Number(values.nodes))),
  membership: onNetwork((trial, network) => membership(trial, network, Number(values.nodes))),
  soak: onNetwork((trial, network) => soak(trial, network, Number(values.minutes ?? 20))),
  overload: onNetwork((trial, network) => overload(trial, network, Number(values.minutes ?? 2))),
  scale: onNetwork((trial, network) =>
    scale(trial, network, Number(values.publishers), Number(values.records)),
  ),
  'catch-up': trial => catchUp(trial, Number(values.blocks)),
};

const [name = ''] = positionals;
const test = TESTS[name];
if (test === undefined) throw new Error(`npm run long -- NAME, one of ${Object.keys(TESTS).join(', ')}`);

const trial = new Trial();
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
try {
  await test(trial);
} catch (error) {
  trial.verdict(`${name} comes to its end`, [inspect(error)]);
}
process.exit(trial.end());
