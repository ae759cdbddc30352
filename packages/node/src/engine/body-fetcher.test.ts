import { toHex } from '@qifeng/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '../consensus/messages.ts';
import { BodyFetcher } from './body-fetcher.ts';

const MIB = 1024 * 1024;
const digestOf = (i: number): string => i.toString(16).padStart(64, '0');
const block = (height: number, digests: readonly number[] = [height], proposer = '110000'): Block => ({
  hash: `block ${height}`,
  height,
  parent: `block ${height - 1}`,
  proposer,
  epoch: 0,
  timestamp: height,
  batches: digests.map(digestOf),
  barrier: false,
});

/** A fetcher and what it asked for. */
class Desk {
  readonly held = new Set<string>();
  readonly asked: { readonly member: string; readonly digests: readonly string[] }[] = [];
  readonly complete: number[] = [];
  members = ['110000', '120000', '130000'];
  readonly fetcher = new BodyFetcher({
    has: digest => this.held.has(digest),
    connected: () => this.members,
    request: (member, digests) => this.asked.push({ member, digests: digests.map(toHex) }),
    complete: ({ height }) => this.complete.push(height),
  });

  want(from: number, to: number): void {
    for (let height = from; height <= to; height++) this.fetcher.want(block(height));
    this.fetcher.ask(0);
  }

  deliver(digest: string, from: string | null, now: number, size = 600): void {
    this.held.add(digest);
    this.fetcher.arrived(digest, size, from, now);
  }

  /** What was asked for since the last look. */
  look(): { readonly member: string; readonly digests: readonly string[] }[] {
    return this.asked.splice(0);
  }
}

describe('bodies', () => {
  it('of many blocks are asked of all members at once, in few requests, no body twice', () => {
    const desk = new Desk();
    desk.want(1, 1_000);
    const asked = desk.look();
    expect(new Set(asked.map(({ member }) => member)).size).toBe(3);
    expect(asked).toHaveLength(3);
    const digests = asked.flatMap(one => one.digests);
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests.toSorted()).toEqual(Array.from(digests, (_, i) => digestOf(i + 1)));
  });

  it('complete a block when the last of them is here, whoever brought it', () => {
    const desk = new Desk();
    desk.held.add(digestOf(3));
    desk.fetcher.want(block(1, [1, 2]));
    desk.fetcher.want(block(2, [3]));
    expect(desk.complete).toEqual([2]);
    desk.deliver(digestOf(1), '120000', 0);
    desk.deliver(digestOf(2), null, 0);
    expect(desk.complete).toEqual([2, 1]);
  });

  it('that do not come are asked of others, and who does not deliver is passed over, longer each time', () => {
    const desk = new Desk();
    desk.members = ['110000', '120000'];
    const silent = '110000';
    const askedAt: number[] = [];
    let height = 0;
    for (let now = 0; now < 60_000; now += 50) {
      for (let i = 0; i < 10; i++) desk.fetcher.want(block(++height));
      desk.fetcher.tick(now);
      for (const { member, digests } of desk.look()) {
        if (member === silent) askedAt.push(now);
        else for (const digest of digests) desk.deliver(digest, member, now);
      }
    }
    for (let now = 60_000; now < 63_000; now += 50) {
      desk.fetcher.tick(now);
      for (const { member, digests } of desk.look())
        if (member !== silent) for (const digest of digests) desk.deliver(digest, member, now);
    }
    expect(desk.complete).toHaveLength(height);
    const turns = askedAt.filter((at, i) => i === 0 || at - askedAt[i - 1]! > 1_500);
    expect(turns.length).toBeGreaterThan(2);
    expect(turns.length).toBeLessThan(8);
    const rests = turns.slice(1).map((at, i) => at - turns[i]!);
    expect(rests).toEqual(rests.toSorted((a, b) => a - b));
  });

  it('that hold up execution are asked of a second member soon', () => {
    const desk = new Desk();
    desk.want(1, 1);
    const [first] = desk.look();
    desk.fetcher.tick(100);
    expect(desk.look()).toEqual([]);
    desk.fetcher.tick(301);
    const [second] = desk.look();
    expect(second!.digests).toEqual(first!.digests);
    expect(second!.member).not.toBe(first!.member);
  });

  it('are asked for again of those who failed when everybody did', () => {
    const desk = new Desk();
    desk.members = ['110000'];
    desk.want(1, 1);
    desk.look();
    for (let now = 50; now <= 4_000; now += 50) desk.fetcher.tick(now);
    expect(desk.look().length).toBeGreaterThan(0);
  });

  it('above what is executed are not forgotten below it', () => {
    const desk = new Desk();
    desk.want(1, 3);
    desk.look();
    desk.fetcher.executed(2, 0);
    expect([1, 2, 3].map(i => desk.fetcher.wants(digestOf(i)))).toEqual([false, false, true]);
  });

  it('that come while the first is held back fill no more than their room, and it is still asked for', () => {
    const desk = new Desk();
    const size = MIB / 4;
    let here = 0;
    desk.want(1, 1_000);
    for (let now = 0; now < 30_000; now += 50) {
      for (const { member, digests } of desk.look())
        for (const digest of digests) {
          if (digest === digestOf(1) || desk.held.has(digest)) continue;
          here += size;
          desk.deliver(digest, member, now, size);
        }
      desk.fetcher.tick(now);
    }
    expect(here).toBeGreaterThan(8 * MIB);
    // Before the first came its size was a guess.
    expect(here).toBeLessThan(16 * MIB + 3 * 64 * size);
    desk.deliver(digestOf(1), null, 30_000, size);
    expect(desk.complete).toContain(1);
  });

  it('under way and not yet executed stay within a bound of bytes, but for the next few; all come in the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: MIB }), fc.infiniteStream(fc.nat()), (size, chance) => {
        const desk = new Desk();
        const due: { readonly member: string; readonly digest: string }[] = [];
        const blocks = 200;
        let executed = 0;
        let early = 0;
        desk.want(1, blocks);
        let most = 0;
        for (let now = 0; executed < blocks; now += 10) {
          if (now > 1_000_000) throw new Error(`stuck above ${executed}`);
          for (const { member, digests } of desk.look())
            for (const digest of digests) due.push({ member, digest });
          most = Math.max(most, due.length * size + early);
          for (let i = 0; i < 4 && due.length > 0; i++) {
            const [{ member, digest }] = due.splice(chance.next().value! % Math.min(3, due.length), 1) as [
              (typeof due)[0],
            ];
            if (desk.held.has(digest)) continue;
            early += size;
            desk.deliver(digest, member, now, size);
          }
          while (desk.held.has(digestOf(executed + 1))) {
            executed++;
            early -= size;
            desk.fetcher.executed(executed, now);
          }
          desk.fetcher.tick(now);
        }
        // Before the first body came its size was a guess: a member lets 4 MiB wait for us, 64 of them as guessed.
        expect(most).toBeLessThan(16 * MIB + 3 * 64 * size + 16 * size);
        expect(desk.complete).toHaveLength(blocks);
      }),
      { numRuns: 20 },
    );
  });
});
