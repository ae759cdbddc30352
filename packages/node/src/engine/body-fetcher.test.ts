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
  readonly held = new Map<string, number>();
  readonly asked: { readonly member: string; readonly digests: readonly string[] }[] = [];
  readonly complete: number[] = [];
  members = ['110000', '120000', '130000'];
  /** Blocks that a later view has left behind; and the height above those that are committed. */
  readonly left = new Set<string>();
  next = Number.POSITIVE_INFINITY;
  readonly fetcher = new BodyFetcher(
    {
      sizeOf: digest => this.held.get(digest) ?? null,
      connected: () => this.members,
      request: (member, digests) => this.asked.push({ member, digests: digests.map(toHex) }),
      complete: ({ height }) => this.complete.push(height),
      useOf: ({ hash, height }) => {
        if (this.left.has(hash)) return 'none';
        if (height < this.next) return 'committed';
        return height === this.next ? 'next' : 'later';
      },
    },
    4 * MIB,
  );

  want(from: number, to: number): void {
    for (let height = from; height <= to; height++) this.fetcher.want(block(height));
    this.fetcher.ask(0);
  }

  deliver(digest: string, from: string | null, now: number, size = 600): void {
    this.held.set(digest, size);
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
    desk.held.set(digestOf(3), 600);
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
    expect([1, 2, 3].map(i => desk.fetcher.takes(digestOf(i), 600))).toEqual([false, false, true]);
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

describe('a block that names more than it may have', () => {
  const SIZE = 900 * 1024;
  const many = (height: number) =>
    block(
      height,
      Array.from({ length: 90 }, (_, i) => 100 * height + i),
    );

  it('has nothing asked for beyond that, whatever a body has', () => {
    const desk = new Desk();
    desk.next = 1;
    desk.fetcher.want(many(1));
    let asked = 0;
    for (let now = 0; now < 20_000; now += 50) {
      desk.fetcher.tick(now);
      for (const { member, digests } of desk.look())
        for (const digest of digests) {
          asked++;
          if (desk.fetcher.takes(digest, SIZE)) desk.deliver(digest, member, now, SIZE);
        }
    }
    expect([desk.held.size, asked]).toEqual([4, 5]);
    // Named again, as every STATUS does.
    desk.fetcher.want(many(1));
    expect(desk.look()).toEqual([]);
    expect(desk.complete).toEqual([]);
  });

  it('has no more kept for it, though all of it come unasked at once', () => {
    const desk = new Desk();
    desk.fetcher.want(many(1));
    const taken = many(1).batches.filter(digest => desk.fetcher.takes(digest, SIZE));
    expect(taken).toHaveLength(4);
    for (const digest of taken) desk.deliver(digest, null, 0, SIZE);
    expect(desk.complete).toEqual([]);
  });

  it('has nothing read that is here already, beyond that', () => {
    const desk = new Desk();
    for (const digest of many(1).batches) desk.held.set(digest, SIZE);
    desk.fetcher.want(many(1));
    expect([desk.complete, desk.look()]).toEqual([[], []]);
  });
});

describe('fresh blocks', () => {
  const full = (height: number, bodies = 64) =>
    block(
      height,
      Array.from({ length: bodies }, (_, i) => 100 * height + i),
    );

  it('of many small bodies are asked for all at once as soon as one came', () => {
    const desk = new Desk();
    desk.next = 1;
    desk.fetcher.want(full(1));
    desk.fetcher.ask(0);
    const first = desk.look().flatMap(({ digests }) => digests);
    expect(first).toHaveLength(4);
    desk.deliver(first[0]!, '110000', 1, MIB / 16);
    expect(desk.look().flatMap(({ digests }) => digests)).toHaveLength(60);
  });

  it('have so much kept for all of them, and for the next; when a later view left them behind, others have', () => {
    const desk = new Desk();
    desk.next = 1;
    const size = MIB;
    let here = 0;
    for (let height = 1; height <= 16; height++) desk.fetcher.want(full(height, 4));
    // The next one comes last.
    for (let height = 16; height >= 1; height--)
      for (const digest of full(height, 4).batches)
        if (desk.fetcher.takes(digest, size)) {
          here += size;
          desk.deliver(digest, '110000', 0, size);
        }
    expect(here).toBe(20 * MIB);
    desk.look();
    for (let now = 50; now <= 30_000; now += 50) desk.fetcher.tick(now);
    expect(desk.look()).toEqual([]);
    for (let height = 1; height <= 16; height++) desk.left.add(full(height).hash);
    const other = { ...full(2, 4), hash: 'another', batches: [digestOf(7_001)] };
    desk.fetcher.want(other);
    desk.fetcher.tick(31_000);
    expect(desk.look().flatMap(({ digests }) => digests)).toEqual([digestOf(7_001)]);
  });

  it('of which a body is gone again when the others are here are not complete: it is asked for', () => {
    const desk = new Desk();
    desk.held.set(digestOf(1), 600);
    desk.fetcher.want(block(1, [1, 2]));
    desk.fetcher.ask(0);
    desk.look();
    desk.held.delete(digestOf(1));
    desk.deliver(digestOf(2), '110000', 0);
    expect(desk.complete).toEqual([]);
    expect(desk.look().flatMap(({ digests }) => digests)).toEqual([digestOf(1)]);
    desk.deliver(digestOf(1), '110000', 0);
    expect(desk.complete).toEqual([1]);
  });
});
