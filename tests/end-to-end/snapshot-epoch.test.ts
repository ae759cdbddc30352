import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode, genesisCodec } from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeGuard } from '../../packages/node/src/engine/wire/records.ts';
import { openGuardFile } from '../../packages/node/src/storage/file-guard.ts';
import { epochsGenesis } from '../fixtures/epochs.ts';
import { Network, until } from './network.ts';
import { Publisher } from './publisher.ts';

const SETTINGS = { QIFENG_SNAPSHOT__INTERVAL: '8', QIFENG_SNAPSHOT__DISTANCE: '16' };
const network = new Network();
const FILE = join(network.home, 'state.snapshot');
const NEW = join(network.home, 'sh');
let publisher: Publisher;

interface Where {
  readonly epoch: number;
  readonly height: number;
  readonly final: number;
  readonly votes: boolean;
  readonly ready: boolean;
}

const imported = (file: string, home: string, ...more: readonly string[]) =>
  network.run('qifeng-node', '--json', 'snapshot', 'import', file, '--home', home, ...more);

const where = (node: number): Promise<Where> => network.json<Where>(node, '/v1/network');

describe('a node that was off while the members changed', () => {
  beforeAll(() => {
    Object.assign(process.env, SETTINGS);
    network.up();
    publisher = new Publisher(network);
  });
  afterAll(() => {
    network.end();
    for (const name of Object.keys(SETTINGS)) delete process.env[name];
  });

  it('comes by a snapshot of the later epoch, is led there from the genesis, and votes on in it', async () => {
    await publisher.publish(0);
    network.must('qifeng-node', 'cluster', 'stop', '4');
    network.must('qifeng-node', 'cluster', 'resize', '5');
    for (let i = 0; i < 28; i++) await publisher.publish(i % 3);
    network.must('qifeng-node', 'cluster', 'start', '4');
    await until(async () => {
      const [own, other] = [await where(3), await where(0)];
      return own.ready && own.final >= other.final;
    }, 'the node has caught up');
    expect(await where(3)).toMatchObject({ epoch: 1, votes: true });
    expect((await publisher.publish(3)).status).toBe(200);
  });

  it('begins there: its receipts verify by the genesis, and its check goes back to the snapshot only', async () => {
    const { body } = await publisher.publish(3);
    const index = body.receipts![0]!.index;
    expect(await network.text(3, `/v1/records/${index}/receipt`)).toBe(body.receipts![0]!.proof);
    expect(await network.json(3, '/v1/records/0')).toMatchObject({ code: 'not-held' });
    expect(publisher.acknowledged.length).toBeGreaterThan(0);
    network.must('qifeng-node', 'cluster', 'down');
    const checked = network.must('qifeng-node', 'check');
    expect(checked.match(/sound/g)).toHaveLength(5);
    expect(checked.match(/from the snapshot of block \d+ on/g)).toHaveLength(1);
  });

  it('is carried as a file to a home whose key was never in a set, which has nothing to forget', () => {
    const from = network.nodes[1]!.home;
    network.must('qifeng-node', 'snapshot', 'export', '--home', from, '--out', FILE);
    // No file is written over.
    expect(network.run('qifeng-node', 'snapshot', 'export', '--home', from, '--out', FILE).code).toBe(2);
    network.must('qifeng-node', 'init', '--member', '310000', '--home', NEW);
    const done = imported(FILE, NEW, '--genesis', join(network.home, 'genesis.cbor'));
    expect(JSON.parse(done.out)).toMatchObject({ member: '310000', amnesia: false });
    expect(network.must('qifeng-node', 'check', '--home', NEW)).toMatch(
      /sound .* from the snapshot of block/,
    );
    expect(imported(FILE, NEW).out).toContain('snapshot-older');
  });

  it('is refused as a file that was changed or is of another chain, and nothing is changed', () => {
    const home = join(network.home, 'js');
    network.must('qifeng-node', 'init', '--member', '320000', '--home', home);
    const before = readdirSync(home);
    const whole = new Uint8Array(readFileSync(FILE));
    const spoilt = join(network.home, 'spoilt.snapshot');
    const at = whole.length - 9;
    for (const bytes of [
      whole.with(at, whole[at]! ^ 16),
      whole.subarray(0, -1),
      new Uint8Array([...whole, 0]),
    ]) {
      writeFileSync(spoilt, bytes);
      const { code, out } = imported(spoilt, home, '--genesis', join(network.home, 'genesis.cbor'));
      expect([code, out]).toEqual([1, expect.stringContaining('bad-snapshot')]);
    }
    writeFileSync(spoilt, encode(genesisCodec, epochsGenesis()));
    expect(imported(FILE, home, '--genesis', spoilt).out).toContain('bad-snapshot');
    expect(readdirSync(home)).toEqual(before);
    expect(existsSync(join(home, 'db'))).toBe(false);
  });

  it('as a file takes the vote from a key that is or was in a set', () => {
    const { home } = network.nodes[0]!;
    rmSync(join(home, 'db'), { recursive: true });
    expect(JSON.parse(imported(FILE, home).out)).toMatchObject({ amnesia: true });
    expect(decodeGuard(openGuardFile(join(home, 'keys', 'guard')).read()!).amnesiac).toBe(true);
  });
});
