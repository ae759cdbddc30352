import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, numberKey } from '../../packages/node/src/storage/buckets.ts';
import { openLevel } from '../../packages/node/src/storage/level-key-value.ts';
import { Network, until } from './network.ts';
import { Publisher } from './publisher.ts';

const network = new Network();
let publisher: Publisher;
const operator = (...args: readonly string[]): string => network.must('qifeng-node', ...args);
const homeOf = (node: number): string => network.nodes[node]!.home;

interface Standing {
  readonly ready: boolean;
  readonly votes: boolean;
  readonly final: number;
}

const standing = (node: number): Promise<Standing> => network.json<Standing>(node, '/v1/network');

/** Codes of the members that cosigned the last checkpoint of a node. */
async function cosigners(node: number): Promise<readonly string[]> {
  const note = await network.text(node, '/checkpoint');
  return [...note.matchAll(/^— \S+\/(\d{6}) /gm)].map(([, code]) => code!);
}

/** Waits until a node holds what another holds as final. */
async function follows(node: number, other: number): Promise<void> {
  const { final } = await standing(other);
  await until(async () => (await standing(node)).final >= final, `node ${node} holds block ${final}`);
}

/** Records `count` documents at a node, each final before the next. */
async function record(node: number, count: number): Promise<void> {
  for (let i = 0; i < count; i++)
    await until(async () => (await publisher.publish(node)).status === 200, `node ${node} records`);
}

describe('what operators do', () => {
  beforeAll(async () => {
    network.up();
    publisher = new Publisher(network);
    await record(0, 6);
  });
  afterAll(() => network.end());

  it('cluster partition: two against two finalise nothing, status says why, and heal ends it', async () => {
    expect(operator('cluster', 'partition', '1,2', '3,4')).toContain('110000 120000 | 130000 140000');
    const lines = operator('cluster', 'status').split('\n');
    expect(lines[0]).toMatch(/a quorum needs 2.*cut off from 130000 140000/);
    expect(lines[3]).toMatch(/a quorum needs 2.*cut off from 110000 120000/);
    const finals = (): Promise<readonly number[]> =>
      Promise.all([0, 1, 2, 3].map(async node => (await standing(node)).final));
    // What was decided before may still become final on either side.
    await pause(1_500);
    const before = await finals();
    const waiting = publisher.publish(0);
    await pause(2_000);
    expect(await finals()).toEqual(before);
    operator('cluster', 'heal');
    await waiting;
    await until(
      async () => (await publisher.publish(3)).status === 200,
      'a record from the other side is final',
    );
    for (const node of [0, 1, 2, 3])
      await until(async () => (await standing(node)).ready, `node ${node} is ready`);
    expect(operator('cluster', 'status')).not.toContain('cut off');
    // One alone, by leaving the others out; a restart of all forgets it.
    const parted = JSON.parse(operator('cluster', 'partition', '4', '--json')) as { groups: string[][] };
    expect(parted.groups).toEqual([['140000'], ['110000', '120000', '130000']]);
    await record(0, 1);
    operator('cluster', 'heal');
    await follows(3, 0);
  });

  it('backup and restore: the node follows again and signs nothing, the others go on', async () => {
    const running = network.run('qifeng-node', 'backup', '--home', homeOf(3), '--out', network.home);
    expect([running.code, running.err]).toEqual([2, expect.stringContaining('cluster stop')]);
    operator('cluster', 'stop', '4');
    const out = operator('backup', '--home', homeOf(3), '--out', network.home, '--with-keys', '--json');
    const { file } = JSON.parse(out) as { file: string };
    await record(0, 2);
    rmSync(homeOf(3), { recursive: true });
    operator('restore', file, '--home', homeOf(3), '--genesis', join(network.home, 'genesis.cbor'));
    operator('cluster', 'start', '4');
    await record(1, 2);
    await follows(3, 1);
    expect(await publisher.problems(3)).toEqual([]);
    for (const node of [0, 3]) expect(await cosigners(node)).not.toContain('140000');
    expect((await standing(3)).votes).toBe(false);
    expect(operator('cluster', 'status').split('\n')[3]).toContain('no vote');
  });

  it('repair: a flipped byte is found, the ledger mended, and the node votes on', async () => {
    operator('cluster', 'stop', '3');
    const home = homeOf(2);
    const db = join(home, 'db');
    // The first text of a checkpoint is that of block 1.
    const files = readdirSync(db).map(name => join(db, name));
    const file = files.find(path => /\.(ldb|log)$/.test(path) && readFileSync(path).includes('demo.qifeng'))!;
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('demo.qifeng')]! ^= 0x55;
    writeFileSync(file, bytes);
    expect(network.run('qifeng-node', 'check', '--home', home).code).toBe(1);
    const mended = JSON.parse(operator('repair', '--home', home, '--json')) as {
      ledger: { height: number; top: number };
      amnesia: string | null;
    };
    expect(mended.amnesia).toBeNull();
    expect(mended.ledger.height).toBeLessThan(mended.ledger.top);
    expect(operator('check', '--home', home)).toContain('sound');
    expect(existsSync(join(home, 'db.before-1'))).toBe(true);
    operator('cluster', 'start', '3');
    await record(2, 2);
    expect((await standing(2)).votes).toBe(true);
    // Node 4 has no vote: what is final now, this one signed.
    expect(await cosigners(0)).toEqual(['110000', '120000', '130000']);
    expect(await publisher.problems(2)).toEqual([]);
  });

  it('new keys give the restored node its vote back; a ledger that ends before the epoch of the log costs it', async () => {
    operator('cluster', 'rekey', '4');
    await record(3, 1);
    expect((await standing(3)).votes).toBe(true);
    operator('cluster', 'stop', '3');
    const home = homeOf(2);
    const level = await openLevel(join(home, 'db'));
    await level.write([[numberKey(BUCKET.block, 2), null]], true);
    await level.close();
    const mended = JSON.parse(operator('repair', '--home', home, '--json')) as { amnesia: string | null };
    expect(mended.amnesia).toBe('log-ahead');
    operator('cluster', 'start', '3');
    await record(0, 1);
    await follows(2, 0);
    expect((await standing(2)).votes).toBe(false);
    operator('cluster', 'down');
    expect(operator('check').match(/sound/g)).toHaveLength(4);
  });
});
