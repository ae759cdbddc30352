import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChaosNetwork } from '../chaos/network/chaos-network.ts';
import { AWAY, caughtUp, LIES, makeBlocks } from './left-behind.ts';
import { until } from './network.ts';
import { type Answer, Publisher } from './publisher.ts';

const SETTINGS = { QIFENG_SNAPSHOT__INTERVAL: '8', QIFENG_SNAPSHOT__DISTANCE: '16' };
let network: ChaosNetwork;
let publisher: Publisher;
let repeated: { readonly wire: Uint8Array; readonly first: Answer };

interface Problem {
  readonly code?: string;
}

async function ask(
  path: string,
  node = AWAY,
): Promise<{ status: number; body: Problem & Record<string, unknown> }> {
  const response = await fetch(`${network.nodes[node]!.url}${path}`);
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

describe('a node that is far behind, one of its three peers giving false snapshots', () => {
  beforeAll(async () => {
    Object.assign(process.env, SETTINGS);
    network = await ChaosNetwork.start(4, [LIES], [AWAY]);
    publisher = new Publisher(network);
  });
  afterAll(async () => {
    await network?.destroy();
    for (const name of Object.keys(SETTINGS)) delete process.env[name];
  });

  it('starts for the first time, fetches a snapshot instead of the blocks, goes on by blocks and votes', async () => {
    const wire = publisher.sign(new Uint8Array(randomBytes(64)));
    repeated = { wire, first: await publisher.post(0, wire) };
    expect(repeated.first.status).toBe(200);
    await makeBlocks(network, publisher, 32, 60);
    // The liar alone is asked first.
    for (const seat of [0, 2]) network.links.between(AWAY, seat).cut();
    network.launch(AWAY);
    await until(() => network.said(AWAY, 'snapshot-refused').length > 0, 'what the liar gives is refused');
    network.links.heal();
    await caughtUp(network, AWAY, 0);
    const [adopted] = network.said(AWAY, 'snapshot-adopted');
    expect(adopted!['height']).toBeGreaterThan(repeated.first.body.height!);
    const refused = network.said(AWAY, 'snapshot-refused').map(({ member }) => member);
    expect(new Set(refused)).toEqual(new Set([network.seats[LIES.seat]!.code]));
    expect((await publisher.publish(AWAY)).status).toBe(200);
    expect(await publisher.problems(AWAY)).toEqual([]);
    await caughtUp(network, 0, AWAY);
    const [own, other] = [await network.standing(AWAY), await network.standing(0)];
    expect(own!.size).toBe(other!.size);
    // Before the snapshot it had a ledger and a key, and had written no log.
    expect([(await ask('/v1/network')).body['votes'], network.said(AWAY, 'amnesia')]).toEqual([true, []]);
  });

  it('replay after a snapshot: a submission from before it is a repeat there, and is not recorded twice', async () => {
    const { size } = (await network.standing(AWAY))!;
    const again = await publisher.post(AWAY, repeated.wire);
    expect([again.status, again.body.code]).toEqual([421, 'not-held']);
    expect((await ask(`/v1/submissions/${repeated.first.body.id}`)).body).toMatchObject({
      status: 'recorded',
      height: repeated.first.body.height,
      first: repeated.first.body.receipts![0]!.index,
    });
    expect((await publisher.post(0, repeated.wire)).body).toMatchObject({ id: repeated.first.body.id });
    expect((await publisher.publish(AWAY)).status).toBe(200);
    for (const seat of [0, AWAY]) {
      await caughtUp(network, seat, AWAY);
      expect((await network.standing(seat))!.size).toBe(size + 1);
    }
  });

  it('says what it does not hold, and proves what it knows', async () => {
    const old = publisher.acknowledged.at(-1)!.index;
    expect(old).toBeGreaterThan(256);
    const paths = [
      '/v1/records/0',
      '/v1/records/0/receipt',
      '/v1/blocks/1',
      '/tile/0/000',
      '/tile/entries/000',
    ];
    for (const path of paths) expect([path, (await ask(path)).body.code]).toEqual([path, 'not-held']);
    expect((await ask(`/v1/publishers/${publisher.id}/records`)).body.code).toBe('not-held');
    expect((await ask('/v1/records/999999')).body.code).toBe('no-record');
    const absent = `/v1/subjects/policy/${publisher.id}/never/status-proof`;
    await until(async () => (await ask(absent)).status === 200, 'a proof of absence');
    for (const node of [0, AWAY])
      expect((await network.text(node, '/checkpoint')).split('\n').slice(0, 6)).toHaveLength(6);
  });

  it('starts again after a power cut, and its store passes the check from the snapshot on', async () => {
    await network.crash(AWAY);
    network.launch(AWAY);
    await caughtUp(network, AWAY, 0);
    expect(await publisher.problems(AWAY)).toEqual([]);
    await network.stopAll();
    const checked = await network.check(AWAY);
    expect(checked).toContain('sound');
    expect(checked).toMatch(/from the snapshot of block \d+ on/);
    // Nothing is deleted that others may need.
    expect(existsSync(join(network.seats[AWAY]!.home, 'db.before-1'))).toBe(true);
    expect(existsSync(join(network.seats[AWAY]!.home, 'db.incoming'))).toBe(false);
  });
});
