import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Network, until } from './network.ts';
import { Publisher } from './publisher.ts';

const network = new Network();
let publisher: Publisher;

interface Where {
  readonly leader: string;
  readonly view: number;
  readonly final: number;
  readonly ready: boolean;
}

const where = (node: number): Promise<Where> => network.json<Where>(node, '/v1/network');
const indexOf = (member: string): number => network.nodes.findIndex(node => node.member === member);
const start = (node: number): string => network.must('qifeng-node', 'cluster', 'start', String(node + 1));

/** Publishes through a node until one is final: while a leader is replaced a client is told to come back. */
async function publishFinally(node: number): Promise<void> {
  const document = new Uint8Array(randomBytes(64));
  const wire = publisher.sign(document);
  await until(async () => {
    const answer = await publisher.post(node, wire);
    publisher.remember(answer, document);
    return answer.status === 200;
  }, `a record final through node ${node}`);
}

describe('four processes', () => {
  beforeAll(() => {
    network.up();
    publisher = new Publisher(network);
  });
  afterAll(() => network.end());

  it('go on when any one of them is killed, and take it back', async () => {
    for (const victim of [3, 2]) {
      network.kill(network.nodes[victim]!.member);
      for (let i = 0; i < 3; i++) await publishFinally(0);
      start(victim);
      await until(
        async () => (await where(victim)).final >= (await where(0)).final,
        `node ${victim} catches up`,
      );
      await publishFinally(victim);
    }
  });

  it('go on when the leader is killed, three views in a row', async () => {
    let down: number | null = null;
    for (let round = 0; round < 3; round++) {
      const alive = down === 0 ? 1 : 0;
      const before = await where(alive);
      const leader = indexOf(before.leader);
      if (down !== null) start(down);
      network.kill(before.leader);
      down = leader;
      const witness = [0, 1, 2, 3].find(node => node !== leader)!;
      await publishFinally(witness);
      expect((await where(witness)).view).toBeGreaterThan(before.view);
    }
    start(down!);
    await until(async () => (await where(down!)).ready, 'the last leader is back');
  });

  it('make nothing final while two of four are gone, say so, and finish the work when one comes back', async () => {
    const size = (await network.json<{ size: number }>(0, '/v1/network')).size;
    network.kill(network.nodes[2]!.member);
    network.kill(network.nodes[3]!.member);
    const document = new Uint8Array(randomBytes(64));
    const wire = publisher.sign(document);
    const answer = await publisher.post(0, wire);
    expect(answer.status).toBe(503);
    expect(answer.body.code).toBe('not-final');
    expect(answer.body.detail).toContain('quorum');
    const standing = await network.json<{ size: number; view: number; asked: number }>(0, '/v1/network');
    expect(standing.size).toBe(size);
    expect(standing.asked, 'it has left its view, and says so').toBeGreaterThan(standing.view);
    start(2);
    await until(async () => {
      const again = await publisher.post(0, wire);
      publisher.remember(again, document);
      return again.status === 200;
    }, 'the queued record is final');
    expect((await network.json<{ size: number }>(0, '/v1/network')).size).toBe(size + 1);
    start(3);
  });

  it('hold every acknowledged record after all four were killed and started again, and pass their own check', async () => {
    await publishFinally(1);
    const acknowledged = publisher.acknowledged.length;
    expect(acknowledged).toBeGreaterThan(10);
    for (const { member } of network.nodes) network.kill(member);
    network.up();
    for (const node of [0, 1, 2, 3]) {
      await until(
        async () => (await publisher.problems(node)).length === 0,
        `node ${node} holds all ${acknowledged}`,
      );
    }
    await publishFinally(3);
    network.must('qifeng-node', 'cluster', 'down');
    expect(network.must('qifeng-node', 'check').match(/sound/g)).toHaveLength(4);
  });
});
