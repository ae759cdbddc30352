import { cpSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHomes, nominalPort, type Seat } from '../chaos/network/homes.ts';
import { MemberProcess } from '../chaos/network/member-process.ts';
import { Network, type NetworkNode, until } from './network.ts';
import { Publisher } from './publisher.ts';

const NODE = fileURLToPath(new URL('../../packages/node/bin/qifeng-node.js', import.meta.url));
const DIAL_THROUGH = new URL('../chaos/network/dial-through.mjs', import.meta.url).href;

/** Processes of one chain that see those of their own side only. */
class TwinNetwork extends Network {
  seats: readonly Seat[] = [];
  #running: MemberProcess[] = [];

  override get nodes(): readonly NetworkNode[] {
    return this.seats.map(({ code, home, httpPort }) => ({
      member: code,
      pid: null,
      url: `http://127.0.0.1:${httpPort}`,
      home,
    }));
  }

  /** Starts one process a seat, each of which reaches the others of `side` and nobody else, and waits until all do. */
  async startSide(side: readonly (readonly [member: number, seat: Seat])[]): Promise<void> {
    const routes = Object.fromEntries(side.map(([member, { p2pPort }]) => [nominalPort(member), p2pPort]));
    for (const [, { home, httpPort, p2pPort, code }] of side)
      this.#running.push(
        new MemberProcess(
          process.execPath,
          ['--import', DIAL_THROUGH, NODE, 'start', '--home', home],
          {
            CHAOS_ROUTES: JSON.stringify(routes),
            QIFENG_HTTP__PORT: String(httpPort),
            QIFENG_P2P__PORT: String(p2pPort),
          },
          join(this.home, `${code}.${httpPort}.log`),
        ),
      );
    for (const [, { httpPort }] of side) {
      const url = `http://127.0.0.1:${httpPort}/readyz`;
      await until(async () => (await fetch(url)).ok, `${httpPort} is ready`);
    }
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#running.splice(0).map(one => one.stop()));
  }

  async destroy(): Promise<void> {
    await Promise.all(this.#running.splice(0).map(one => one.kill()));
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Ports that nobody listens on now. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
      return server;
    }),
  );
  return Promise.all(
    servers.map(async server => {
      const { port } = server.address() as { port: number };
      await new Promise(done => server.close(done));
      return port;
    }),
  );
}

const network = new TwinNetwork();
let publisher: Publisher;
const A = 2;
const B = 3;
/** The first of them leads on both sides, so that no view has to pass. */
const COLLUDERS = [0, 1] as const;

/** Publishes until it is final. */
async function publish(node: number): Promise<void> {
  await until(async () => (await publisher.publish(node)).status === 200, `a record is final at ${node}`);
}
const audit = (...args: readonly string[]) => {
  const done = network.run('qifeng', 'audit', ...args, '--json');
  return { code: done.code, report: JSON.parse(done.out) };
};
const urls = (...nodes: readonly number[]) => nodes.flatMap(node => ['--node', network.nodes[node]!.url]);

describe('two members of four that run twice', () => {
  beforeAll(async () => {
    network.seats = await makeHomes(network.home, 4);
    publisher = new Publisher(network);
    await network.startSide([...network.seats.entries()]);
    await publish(A);
  });
  afterAll(() => network.destroy());

  it('are no matter while they run once: all four nodes verify', async () => {
    const size = async (node: number) => (await network.json<{ size: number }>(node, '/v1/network')).size;
    await until(async () => {
      const sizes = await Promise.all([0, 1, 2, 3].map(size));
      return sizes.every(each => each === sizes[0]);
    }, 'all hold the record');
    const { code, report } = audit(...urls(0, 1, 2, 3));
    expect([code, report.verified, report.conflicts]).toEqual([0, true, []]);
  });

  it('make two histories final, and are named by both of their signatures; the honest two are not', async () => {
    await network.stopAll();
    const ports = await freePorts(4);
    const twins = COLLUDERS.map((member, i) => {
      const seat = network.seats[member]!;
      const home = `${seat.home}-twin`;
      cpSync(seat.home, home, { recursive: true });
      return [member, { ...seat, home, httpPort: ports[2 * i]!, p2pPort: ports[2 * i + 1]! }] as const;
    });
    const seat = (member: number) => [member, network.seats[member]!] as const;
    const sides = [
      [seat(A), ...COLLUDERS.map(seat)],
      [seat(B), ...twins],
    ];
    await Promise.all(sides.map(side => network.startSide(side)));
    await Promise.all([publish(A), publish(B).then(() => publish(B))]);

    const { code, report } = audit(...urls(A, B), '--out', 'conflict.evidence');
    expect([code, report.verified]).toEqual([1, false]);
    const guilty = COLLUDERS.map(member => network.seats[member]!.code);
    for (const { atLeast, culprits } of report.conflicts) {
      expect(culprits.map((culprit: { code: string }) => culprit.code)).toEqual(guilty);
      expect(atLeast).toBe(2);
      for (const { statements } of culprits) expect(statements[0].says).not.toBe(statements[1].says);
    }
    // Both were audited before they parted, and neither contradicts what it showed then.
    expect(report.conflicts).toHaveLength(1);
    for (const { findings, error } of report.nodes) expect([findings, error]).toEqual([[], null]);

    const proven = audit('--evidence', 'conflict.evidence');
    expect([proven.code, proven.report.culprits.map((culprit: { code: string }) => culprit.code)]).toEqual([
      0,
      guilty,
    ]);
  });
});
