import { setTimeout as pause } from 'node:timers/promises';
import { Network, until } from '../../tests/end-to-end/network.ts';
import { closedLoop, openConnections } from '../load/loads.ts';
import { residentMb } from '../load/processes.ts';
import { Submissions } from '../load/source.ts';
import { type Effort, type Row, say } from '../measure.ts';

/** Blocks that are made while one of four nodes is off. */
const BLOCKS = 5_000;
/** Clients that send one record at a time: a block for each or for a few of them. */
const CLIENTS = 8;
/** Ms of load between two looks at the height. */
const SLICE = 2_000;

interface Where {
  readonly height: number;
  readonly size: number;
}

/** A real network of four processes, of which one is off while the others go on: how fast it is back. */
export async function catchUp({ quick }: Effort): Promise<readonly Row[]> {
  const net = new Network();
  const end = (): void => {
    net.end();
    process.exit(130);
  };
  process.once('SIGINT', end);
  try {
    net.up(4);
    return [await measured(net, quick ? BLOCKS / 10 : BLOCKS)];
  } catch (error) {
    throw new Error(`the last lines of the nodes' logs:\n${net.logs()}`, { cause: error });
  } finally {
    process.off('SIGINT', end);
    net.end();
  }
}

async function measured(net: Network, blocks: number): Promise<Row> {
  const submissions = new Submissions(net.home);
  const urls = net.nodes.slice(0, 3).map(({ url }) => url);
  const where = (node: number): Promise<Where> => net.json<Where>(node, '/v1/network');
  net.must('qifeng-node', 'cluster', 'stop', '4');
  const before = await where(0);
  say(`    ${blocks} blocks without the fourth node`);
  let now = before;
  let seconds = 0;
  while (now.height < before.height + blocks) {
    const connections = await openConnections(urls, CLIENTS);
    const load = await closedLoop(connections, submissions.prepare(CLIENTS * 1_000, 1), 0, SLICE);
    for (const connection of connections) connection.close();
    seconds += load.seconds;
    now = await where(0);
  }
  const live = (now.height - before.height) / seconds;
  const records = (now.size - before.size) / (now.height - before.height);
  say(`    catching up ${now.height - before.height} blocks, made at ${live.toFixed(0)} a second`);
  const begin = performance.now();
  const started = net.start('qifeng-node', 'cluster', 'start', '4');
  let first = 0;
  let memory = 0;
  await until(
    async () => {
      const { height } = await where(3);
      if (first === 0 && height > before.height) first = performance.now();
      memory = Math.max(memory, residentMb(net.nodes[3]!.pid!));
      return height >= now.height;
    },
    'the node has caught up',
    600_000,
  );
  const took = performance.now() - begin;
  started.kill();
  await pause(0);
  const value = (now.height - before.height) / (took / 1000);
  return {
    case: 'catch-up',
    what: `blocks of a node that was off for ${blocks}, from the start of its process`,
    unit: 'blocks/s',
    value,
    limits: [
      {
        name: 'live rate',
        how: `the other three of the same network before that, ${CLIENTS} clients sending one record at a time each`,
        value: live,
        ratio: value / live,
      },
    ],
    note: [
      `${records.toFixed(1)} records a block; ${Math.round(took)} ms in all`,
      `${Math.round(first - begin)} of them until its first block; memory ${Math.round(memory)} MB at most`,
    ].join(', '),
  };
}
