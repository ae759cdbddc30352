import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_FRAME_BYTES } from '../ports/transport.ts';
import { packFrames } from './framing.ts';
import type { Stream } from './host.ts';
import { PEER_RATES } from './rates.ts';
import { type Member, memberAt, membersOf, seedOf, stopAll, until } from './testing/group.ts';
import { type Outsider, outsider } from './testing/outsider.ts';

const running: Member[] = [];
const outsiders: Outsider[] = [];
afterEach(async () => {
  await stopAll(running.splice(0));
  await Promise.all(outsiders.splice(0).map(({ node }) => node.stop()));
});

/** Member 1 of 3, started, and the list of members. */
async function victim() {
  const members = await membersOf(3);
  const made = memberAt(1, members);
  running.push(made);
  await made.transport.start();
  return { members, ...made, self: members[1]! };
}

async function attacker(...init: Parameters<typeof outsider>): Promise<Outsider> {
  const made = await outsider(...init);
  outsiders.push(made);
  return made;
}

const lengthOf = (bytes: number) => [0, 0, 0, 0].map((_, i) => (bytes >>> (24 - 8 * i)) & 255);

describe('the transport against others', () => {
  it.each([
    ['is no member', 99],
    ['should be dialled by us', 2],
  ])('refuses who %s before a stream exists', async (_, position) => {
    const { transport, self, peers, frames, events } = await victim();
    const stranger = await attacker(seedOf(position));
    const sent = (async () => (await stranger.open(await stranger.dial(self))).send(new Uint8Array(9)))();
    await expect(sent).rejects.toThrow();
    expect(transport.counters.refused).toBe(1);
    expect(events.filter(({ code }) => code === 'peer-refused').length).toBe(1);
    expect([...peers, ...frames]).toEqual([]);
  });

  it('keeps no more than n + 8 connections, and lets members in again when they are gone', async () => {
    const { transport, self, members } = await victim();
    const port = Number(/tcp\/(\d+)/.exec(self.addresses[0]!)![1]);
    const mute = Array.from({ length: 40 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    const most = members.length + 8;
    await until(() => mute.filter(({ closed }) => closed).length === 40 - most, 'the refusals');
    expect(transport.counters.refused).toBe(40 - most);
    for (const socket of mute) socket.destroy();
    const member = await attacker(seedOf(0));
    await new Promise(resolve => setTimeout(resolve, 20));
    await member.open(await member.dial(self));
    await until(() => transport.connected().length === 1, 'the member');
  });

  it('gives no stream to a member that speaks of another genesis', async () => {
    const { self, frames } = await victim();
    const member = await attacker(seedOf(0), undefined, [], new Uint8Array(32).fill(9));
    const opened = member.dial(self).then(connection => member.open(connection));
    await expect(opened).rejects.toThrow();
    expect(frames).toEqual([]);
  });

  it.each([
    ['frame-too-large', [0, ...lengthOf(MAX_FRAME_BYTES.votes + 1)]],
    ['frame-too-large', [1, ...lengthOf(MAX_FRAME_BYTES.bulk + 1), 1, 2, 3]],
    ['lane-unknown', [2]],
  ])('closes the connection of a member: %s', async (code, bytes) => {
    const { transport, self, peers, frames, events } = await victim();
    const member = await attacker(seedOf(0));
    const connection = await member.dial(self);
    (await member.open(connection)).send(Uint8Array.from(bytes));
    await until(() => events.some(event => event.code === code && event.peer === '0'), code);
    await until(() => connection.status !== 'open', 'the end of the connection');
    expect(transport.counters.misbehaved).toBe(1);
    expect(transport.connected()).toEqual([]);
    // It may be closed before its own streams are open, that is before it ever counted as connected.
    expect(peers).toEqual(peers.length === 0 ? [] : ['+0', '-0']);
    expect(frames).toEqual([]);
  });

  it('takes one stream a lane', async () => {
    const { self, events } = await victim();
    const member = await attacker(seedOf(0));
    const connection = await member.dial(self);
    for (let i = 0; i < 2; i++) (await member.open(connection)).send(new Uint8Array([0]));
    await until(() => events.some(({ code }) => code === 'lane-repeated'), 'lane-repeated');
  });

  it('leaves a peer four streams, its own two and two of the peer, and speaks nothing but its own protocol', async () => {
    const { self } = await victim();
    const member = await attacker(seedOf(0));
    const connection = await member.dial(self);
    // Opening more succeeds, as nothing is waited for; the other side resets them.
    for (let i = 0; i < 12; i++) await member.open(connection);
    const [own] = member.node.getProtocols();
    const spoken = () => connection.streams.map(({ protocol }) => protocol).join(' ');
    await until(() => spoken() === [own, own, own, own].join(' '), 'the resets');
    expect(member.node.getProtocols()).toHaveLength(1);
    for (const other of ['/ipfs/id/1.0.0', '/ipfs/ping/1.0.0', '/meshsub/1.1.0'])
      await expect((await member.dial(self)).newStream(other)).rejects.toThrow();
  });

  it('delivers nothing of a frame that was cut off, and lets the member come again', async () => {
    const { self, peers, frames } = await victim();
    const member = await attacker(seedOf(0));
    const first = await member.dial(self);
    (await member.open(first)).send(Uint8Array.from([0, ...lengthOf(100), 1, 2, 3]));
    await until(() => peers.length === 1, 'the connection');
    first.abort(new Error('cut'));
    await until(() => peers.length === 2, 'the loss');
    const again = await member.open(await member.dial(self));
    again.send(packFrames([0], [new Uint8Array([4])]));
    await until(() => frames.length === 1, 'a whole frame');
    expect(frames).toEqual([{ from: '0', frame: new Uint8Array([4]) }]);
    expect(peers).toEqual(['+0', '-0', '+0']);
  });

  it('takes a new connection of a member for the old one', async () => {
    const { self, transport, peers, events } = await victim();
    const member = await attacker(seedOf(0));
    const first = await member.dial(self);
    await member.open(first);
    await until(() => peers.length === 1, 'the first connection');
    await member.open(await member.dial(self));
    await until(() => peers.length === 3, 'the second connection');
    expect(first.status).not.toBe('open');
    expect(peers).toEqual(['+0', '-0', '+0']);
    expect(events.some(({ code }) => code === 'replaced')).toBe(true);
    expect(transport.connected()).toEqual(['0']);
  });
});

describe('a member that sends more than it may', () => {
  const slow = { perSecond: 100, burst: 200 };
  const rates = { ...PEER_RATES, votes: { ...PEER_RATES.votes, frames: slow } };

  /** Member 1, flooded by member 0 on the lane of votes, with member 2, which is well. */
  async function flooded(changes: Parameters<typeof memberAt>[2]) {
    const members = await membersOf(3);
    const self = memberAt(1, members, changes);
    const well = memberAt(2, members);
    running.push(self, well);
    await Promise.all([self.transport.start(), well.transport.start()]);
    const liar = await attacker(seedOf(0));
    const stream = await liar.open(await liar.dial(members[1]!));
    await until(() => self.transport.connected().length === 2, 'the connections');
    // 4 MB of votes: far more than the window.
    const votes = packFrames(
      [0],
      Array.from({ length: 40_000 }, () => new Uint8Array(100).fill(1)),
    );
    return { self, well, stream, flood: () => stream.send(votes) };
  }

  it('is read more slowly, and said so once; others are not, and nothing is lost', async () => {
    const { self, well, stream, flood } = await flooded({ rates });
    flood();
    await until(() => self.events.some(({ code }) => code === 'peer-slowed'), 'the word');
    for (let i = 0; i < 150; i++) well.transport.send('1', new Uint8Array([2, i]), 'votes');
    const from = (peer: string) => self.frames.filter(each => each.from === peer);
    await until(() => from('2').length === 150, 'the votes of the other', 1000);
    expect(from('0').length).toBeGreaterThanOrEqual(200);
    expect(from('0').length).toBeLessThan(400);
    // What it sends beyond the window stays with it.
    expect(stream.writeBufferLength).toBeGreaterThan(2_000_000);
    expect(self.transport.counters.misbehaved).toBe(0);
    expect(self.events.filter(({ code }) => code === 'peer-slowed')).toMatchObject([{ peer: '0' }]);
    expect(self.transport.connected()).toEqual(['0', '2']);
  });

  it('gains nothing by coming again', async () => {
    const { self, stream, flood } = await flooded({ rates });
    flood();
    const got = () => self.frames.filter(({ from }) => from === '0').length;
    await until(() => got() >= 200, 'the burst');
    stream.abort(new Error('again'));
    await until(() => self.transport.connected().length === 1, 'the loss');
    const before = got();
    const members = self.options.members;
    const again = await attacker(seedOf(0));
    const second = await again.open(await again.dial(members[1]!));
    second.send(
      packFrames(
        [0],
        Array.from({ length: 1000 }, () => new Uint8Array(1)),
      ),
    );
    await until(() => got() > before, 'more of it');
    expect(got() - before).toBeLessThan(150);
  });

  it('has no more under way than may be dealt with at once', async () => {
    const { self, flood } = await flooded({});
    const done: (() => void)[] = [];
    self.transport.onFrame = from =>
      from === '0' ? new Promise<void>(resolve => done.push(resolve)) : undefined;
    flood();
    await until(() => done.length === PEER_RATES.votes.underWay.frames, 'as many as may be');
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(done.length).toBe(PEER_RATES.votes.underWay.frames);
    done.shift()!();
    await until(() => done.length === PEER_RATES.votes.underWay.frames, 'one more');
  });

  it('is let go when a frame is longer than its kind may be, before it is there', async () => {
    const members = await membersOf(3);
    const self = memberAt(1, members);
    self.transport.ruleOf = kind => (kind === 7 ? { bytes: 4096, cost: 1 } : undefined);
    running.push(self);
    await self.transport.start();
    const liar = await attacker(seedOf(0));
    const stream = await liar.open(await liar.dial(members[1]!));
    stream.send(Uint8Array.from([0, ...lengthOf(4097), 7]));
    await until(() => self.events.some(({ code }) => code === 'frame-too-large'), 'the end');
    expect(self.frames).toEqual([]);
  });
});

describe('back-pressure of a member that does not read', () => {
  /** Member 0 with members 1, which reads nothing, and 2, which is well. */
  async function withDeafMember(hears: (stream: Stream) => void = stream => stream.pause()) {
    const members = await membersOf(3);
    const streams: Stream[] = [];
    const takes = (stream: Stream) => {
      hears(stream);
      streams.push(stream);
    };
    await attacker(seedOf(1), takes, members[1]!.addresses);
    const well = memberAt(2, members);
    const sender = memberAt(0, members, { limits: { votes: 1_000_000, bulk: 2_000_000 } });
    running.push(well, sender);
    await Promise.all([well.transport.start(), sender.transport.start()]);
    await until(() => sender.transport.connected().length === 2 && streams.length === 2, 'the connections');
    return { sender, well, streams };
  }

  it('bounds bulk and drops the oldest, while votes to others flow', async () => {
    const { sender, well, streams } = await withDeafMember();
    const { counters } = sender.transport;
    const body = new Uint8Array(100_000);
    for (let i = 0; i < 200; i++) {
      sender.transport.send('1', body, 'bulk');
      if (i % 20 === 0) await new Promise(resolve => setImmediate(resolve));
      expect(counters.queuedBytes).toBeLessThanOrEqual(2_000_000);
    }
    for (let i = 0; i < 50; i++) sender.transport.send('2', new Uint8Array([i]), 'votes');
    await until(() => well.frames.length === 50, 'votes to the other');
    expect(counters.lanes.bulk.framesDropped).toBeGreaterThan(100);
    // What libp2p holds: one send and the window, not what was queued.
    expect(counters.lanes.bulk.bytesOut).toBeLessThan(3_000_000);
    expect(sender.transport.connected()).toEqual(['1', '2']);
    const dropped = counters.lanes.bulk.framesDropped;
    for (const stream of streams) stream.addEventListener('message', () => {});
    for (const stream of streams) stream.resume();
    const accounted = () => counters.lanes.bulk.framesOut + counters.lanes.bulk.framesDropped;
    await until(() => counters.queuedBytes === 0 && accounted() === 200, 'the rest, once it reads');
    expect(counters.lanes.bulk.framesDropped).toBe(dropped);
  });

  it('sends votes to it while it reads nothing of bulk and that is full', async () => {
    let read = 0;
    const lanes = new Set<number>();
    const { sender } = await withDeafMember(stream => {
      let lane: number | null = null;
      stream.addEventListener('message', ({ data }) => {
        const bytes = data.subarray();
        if (lane === 0) read += bytes.length;
        if (lane !== null) return;
        [lane = 2] = bytes;
        lanes.add(lane);
        if (lane === 1) setImmediate(() => stream.pause());
      });
    });
    const { counters } = sender.transport;
    await until(() => lanes.size === 2, 'both lanes');
    const body = new Uint8Array(100_000);
    // What libp2p and the window hold, and then as much as may wait.
    for (const frames of [20, 20, 40]) {
      for (let i = 0; i < frames; i++) sender.transport.send('1', body, 'bulk');
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect(counters.lanes.bulk.framesDropped).toBeGreaterThan(0);
    const [before, out] = [read, counters.lanes.bulk.bytesOut];
    for (let i = 0; i < 300; i++) sender.transport.send('1', new Uint8Array(1_000), 'votes');
    await until(() => read >= before + 300_000, 'the votes');
    expect(counters.lanes.votes.framesDropped).toBe(0);
    expect(counters.queuedBytes).toBeGreaterThan(1_000_000);
    expect(counters.lanes.bulk.bytesOut).toBe(out);
    expect(sender.transport.connected()).toContain('1');
  });

  it('gives up the connection when votes overflow, while votes to others flow', async () => {
    const { sender, well } = await withDeafMember();
    const vote = new Uint8Array(10_000);
    for (let i = 0; i < 300; i++) {
      sender.transport.send('1', vote, 'votes');
      sender.transport.send('2', vote, 'votes');
      if (i % 20 === 0) await new Promise(resolve => setTimeout(resolve, 1));
    }
    await until(() => sender.events.some(event => event.code === 'votes-overflow' && event.peer === '1'));
    await until(() => well.frames.length === 300, 'votes to the other');
    expect(sender.transport.counters.lanes.votes.framesDropped).toBeGreaterThan(0);
    expect(sender.peers.filter(peer => peer.endsWith('1')).slice(0, 2)).toEqual(['+1', '-1']);
  });
});
