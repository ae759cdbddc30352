import { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Libp2pTransportOptions } from './libp2p-transport.ts';
import {
  freePorts,
  type Member,
  memberAt,
  membersOf,
  seedOf,
  startAll,
  stopAll,
  until,
} from './testing/group.ts';

const running: Member[] = [];
afterEach(() => stopAll(running.splice(0)));

/** Transports of all members of a new chain, started and connected unless told otherwise. */
async function group(n: number, start = true): Promise<Member[]> {
  const members = await membersOf(n);
  const made = members.map((_, me) => member(me, members));
  if (start) await startAll(made);
  return made;
}

function member(...init: Parameters<typeof memberAt>): Member {
  const made = memberAt(...init);
  running.push(made);
  return made;
}

const numbered = (i: number) => new Uint8Array([i >> 8, i & 255]);

describe('the libp2p transport', () => {
  it('delivers from all to all, in order, to the member it is for', async () => {
    const all = await group(7);
    for (let i = 0; i < 40; i++)
      for (const { transport, options } of all)
        for (const to of transport.connected())
          transport.send(
            to,
            new Uint8Array([Number(options.me), Number(to), i]),
            i % 4 === 0 ? 'bulk' : 'votes',
          );
    await until(() => all.every(({ frames }) => frames.length === 6 * 40), 'delivery');
    for (const { frames, options, peers } of all) {
      expect(
        frames.every(({ from, frame }) => frame[0] === Number(from) && frame[1] === Number(options.me)),
      ).toBe(true);
      for (let from = 0; from < 7; from++) {
        const got = frames.filter(each => each.from === String(from)).map(({ frame }) => frame[2] as number);
        const lane = (bulk: boolean) => got.filter(i => (i % 4 === 0) === bulk);
        for (const each of [lane(true), lane(false)]) expect(each).toEqual([...each].sort((a, b) => a - b));
      }
      expect(peers.toSorted()).toEqual(
        [0, 1, 2, 3, 4, 5, 6].filter(i => i !== Number(options.me)).map(i => `+${i}`),
      );
    }
  });

  it('keeps the boundaries of frames of any size', async () => {
    const [a, b] = (await group(2)) as [Member, Member];
    const sizes = [0, 1, 3, 4, 5, 65_519, 65_535, 65_536, 0, 262_144, 262_145, 1_048_576, 7];
    for (const lane of ['votes', 'bulk'] as const) {
      b.frames.length = 0;
      for (const size of sizes) a.transport.send('1', new Uint8Array(size).fill(size % 251), lane);
      await until(() => b.frames.length === sizes.length, `all frames of ${lane}`);
      expect(b.frames.map(({ frame }) => frame.length)).toEqual(sizes);
      for (const { frame } of b.frames) expect(frame.every(byte => byte === frame.length % 251)).toBe(true);
    }
    expect(b.transport.counters.lanes.bulk.bytesIn).toBe(sizes.reduce((sum, size) => sum + size));
  });

  it('takes a frame of the largest size and throws on a larger one', async () => {
    const [a, b] = (await group(2)) as [Member, Member];
    a.transport.send('1', new Uint8Array(8 * 1024 * 1024), 'bulk');
    await until(() => b.frames.length === 1, 'the largest frame');
    expect(b.frames[0]!.frame.length).toBe(8 * 1024 * 1024);
    expect(() => a.transport.send('1', new Uint8Array(8 * 1024 * 1024 + 1), 'bulk')).toThrow('invariant');
    expect(() => a.transport.send('1', new Uint8Array(4 * 1024 * 1024 + 1), 'votes')).toThrow('invariant');
  });

  it('joins the frames of one turn', async () => {
    const [a, b] = (await group(2)) as [Member, Member];
    const before = a.transport.counters.lanes.votes.sends;
    for (let i = 0; i < 500; i++) a.transport.send('1', numbered(i), 'votes');
    await until(() => b.frames.length === 500, 'delivery');
    expect(b.frames.map(({ frame }) => frame)).toEqual(Array.from({ length: 500 }, (_, i) => numbered(i)));
    expect(a.transport.counters.lanes.votes.sends - before).toBe(1);
  });

  it('writes a frame to the socket once and is not answered: cheaper-libp2p still fits this libp2p', async () => {
    const [a, b] = (await group(2)) as [Member, Member];
    const writes = vi.spyOn(Socket.prototype, 'write');
    for (let i = 1; i <= 50; i++) {
      a.transport.send('1', numbered(i), 'votes');
      await until(() => b.frames.length === i, 'delivery');
    }
    const count = writes.mock.calls.length;
    writes.mockRestore();
    expect(count).toBeGreaterThanOrEqual(50);
    expect(count).toBeLessThan(60); // 200 without it
  });

  it('drops what is sent to a member that is not connected, and counts it', async () => {
    const [a] = (await group(2, false)) as [Member];
    await a.transport.start();
    a.transport.send('1', numbered(1), 'votes');
    expect(a.transport.counters.lanes.votes).toMatchObject({ framesDropped: 1, bytesDropped: 2 });
    await until(
      () => a.events.some(({ code, peer }) => code === 'dial-failed' && peer === '1'),
      'a failed dial',
    );
  });

  it('finds a member again that was stopped and started', async () => {
    const all = await group(4);
    const others = all.filter((_, i) => i !== 2);
    await all[2]!.transport.stop();
    expect(all[2]!.transport.connected()).toEqual([]);
    await until(() => others.every(({ transport }) => transport.connected().length === 2), 'the loss');
    await all[2]!.transport.start();
    await until(() => all.every(({ transport }) => transport.connected().length === 3), 'the return');
    for (const { peers } of others)
      expect(peers.filter(peer => peer.endsWith('2'))).toEqual(['+2', '-2', '+2']);
    all[2]!.transport.send('0', numbered(9), 'votes');
    await until(() => others[0]!.frames.length === 1, 'a frame after the return');
  });

  it('survives that all restart at once', async () => {
    const all = await group(4);
    await stopAll(all);
    await startAll(all);
    for (const { peers } of all) {
      expect(peers.length).toBe(9);
      expect(new Set(peers.slice(-3).map(peer => peer[0]))).toEqual(new Set('+'));
    }
  });

  it('does not connect chains of different genesis', async () => {
    const members = await membersOf(2);
    const other: Partial<Libp2pTransportOptions> = { genesisHash: new Uint8Array(32).fill(8) };
    const [a, b] = [member(0, members), member(1, members, other)];
    await Promise.all([a.transport.start(), b.transport.start()]);
    await until(() => a.events.filter(({ code }) => code === 'dial-failed').length >= 2, 'failed dials');
    expect([...a.peers, ...b.peers, ...a.frames, ...b.frames]).toEqual([]);
  });

  it('lets go who is no member any more, and finds who became one, a flawed one aside', async () => {
    const members = await membersOf(4);
    const known = members.slice(0, 3);
    const [a, b, c] = [0, 1, 2].map(me => member(me, known)) as [Member, Member, Member];
    await startAll([a, b, c]);
    const late = member(3, members);
    await late.transport.start();
    const flawed = { code: '9', p2pKey: new Uint8Array(32).fill(255), addresses: ['nowhere'] };
    const after = [...members.filter(({ code }) => code !== '1'), flawed];
    for (const each of [a, c, late]) each.transport.setMembers(after);
    await until(
      () => [a, c, late].every(({ transport }) => transport.connected().length === 2),
      'the new three',
    );
    expect(a.transport.connected()).toEqual(['2', '3']);
    expect(a.events.filter(({ code }) => code === 'member-unreachable').map(({ peer }) => peer)).toEqual([
      '9',
    ]);
    await until(() => b.transport.connected().length === 0, 'the loss of the one that left');
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(b.transport.connected()).toEqual([]);
  });

  it('is cut in two on purpose by either side alone, and joined again', async () => {
    const all = await group(4);
    // 0 dials 2 and 3, 1 dials 2 and 3: of each pair one side, a dialer or a dialed one, does not want the other.
    all[0]!.transport.cutOff(['2', '3']);
    all[2]!.transport.cutOff(['1']);
    all[3]!.transport.cutOff(['1']);
    const halves = () => all.map(({ transport }) => transport.connected().join());
    await until(() => halves().join(' ') === '1 0 3 2', 'the cut');
    await until(() => all[2]!.events.filter(({ code }) => code === 'peer-refused').length > 1, 'vain dials');
    expect(halves()).toEqual(['1', '0', '3', '2']);
    expect(all[0]!.events.filter(({ code }) => code === 'cut-off').map(({ peer }) => peer)).toEqual([
      '2',
      '3',
    ]);
    all[0]!.transport.send('2', numbered(1), 'votes');
    for (const { transport } of all) transport.cutOff([]);
    await until(() => all.every(({ transport }) => transport.connected().length === 3), 'all to all again');
    expect(all[2]!.frames).toEqual([]);
    all[0]!.transport.send('2', numbered(2), 'votes');
    await until(() => all[2]!.frames.length === 1, 'a frame across');
  });

  it('keeps a cut over its start and over new members', async () => {
    const members = await membersOf(3);
    const all = members.map((_, me) => member(me, members));
    all[0]!.transport.cutOff(['1']);
    await Promise.all(all.map(({ transport }) => transport.start()));
    await until(() => all[2]!.transport.connected().length === 2, 'the third has both');
    all[0]!.transport.setMembers(members.slice(0, 2));
    await until(() => all[0]!.transport.connected().length === 0, 'the third is no member');
    all[0]!.transport.setMembers(members);
    await until(() => all[0]!.transport.connected().length === 1, 'it is one again');
    expect(all[0]!.transport.connected()).toEqual(['2']);
    expect(all[1]!.peers).not.toContain('+0');
  });

  it('says what is wrong with what an operator gave it', async () => {
    const members = await membersOf(2);
    const wrongKey = member(0, members, { privateKey: seedOf(1) });
    await expect(wrongKey.transport.start()).rejects.toMatchObject({ code: 'p2p-key-mismatch' });
    const nowhere = members.map(each => ({ ...each, addresses: ['localhost:80'] }));
    expect(() => memberAt(0, nowhere)).toThrow('address-malformed');
    const first = member(0, members);
    await first.transport.start();
    await expect(member(0, members).transport.start()).rejects.toMatchObject({ code: 'listen-failed' });
    expect(first.transport.listening().length).toBe(1);
    expect((await freePorts(2)).length).toBe(2);
  });
});
