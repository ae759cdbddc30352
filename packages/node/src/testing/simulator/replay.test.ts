import { describe, expect, it, vi } from 'vitest';
import type { Block } from '../../consensus/messages.ts';
import * as protocol from '../../consensus/protocol.ts';
import { neverHappened, zeroCounts } from './counts.ts';
import { simulate } from './simulate.ts';
import { LedgerState } from './state.ts';
import { replayOf, runSchedule } from './suite.ts';
import type { Seen } from './world.ts';

describe('a schedule', () => {
  it.each(['calm', 'rough', 'ambush', 'byzantine', 'service'] as const)(
    'of profile %s replays: the same seed gives the same trace, another seed another',
    { timeout: 60_000 },
    profile => {
      const [first, again, other] = [7, 7, 8].map(seed => simulate(protocol, seed, 4, 40, { profile }));
      expect(again).toEqual(first);
      expect(other!.trace).not.toBe(first!.trace);
    },
  );

  it('that violates something is told with the command that runs it again', () => {
    expect(() => runSchedule(4, 3, 40, { profile: 'rough', lostFsync: true })).toThrow(
      replayOf(4, 3, 40, { profile: 'rough' }),
    );
  });

  it('of a suite must bring about every fault: what never happened is named', () => {
    expect(neverHappened({ ...zeroCounts(), lost: 1 })).toContain('tornWrites');
    expect(neverHappened({ ...zeroCounts(), lost: 1 })).not.toContain('lost');
  });
});

describe('a disk that lies about a sync', () => {
  const run = (deaf: readonly string[]) => () => {
    for (let seed = 1; seed <= 10; seed++)
      simulate(protocol, seed, 4, 100, { profile: 'rough', lostFsync: true, deaf });
  };

  it('is found at the next start', () => expect(run([])).toThrow('durability'));
  it('is found by the signer, whose own file is ahead of the log', () =>
    expect(run(['durability', 'standing', 'finality'])).toThrow('amnesia'));
  it('is found by what is signed then, with both out of sight', () =>
    expect(run(['durability', 'amnesia', 'standing', 'finality'])).toThrow(
      /guard|signatures|agreement|divergence/,
    ));
});

describe('a replica whose own state goes astray', () => {
  it('is found by its next checkpoint, in the schedules in which each has one', () => {
    const take = LedgerState.prototype.take;
    let taken = 0;
    vi.spyOn(LedgerState.prototype, 'take').mockImplementation(function (this: LedgerState, applied) {
      // The pages of one block are lost on the way to one disk.
      const { write } = applied;
      if (write.pages.written.length > 0) taken++;
      const pages = taken === 40 ? { ...write.pages, written: [] } : write.pages;
      take.call(this, { ...applied, write: { ...write, pages } });
    });
    try {
      expect(() => simulate(protocol, 6, 4, 40, { profile: 'calm' })).toThrow(/another checkpoint|diverged/);
    } finally {
      vi.restoreAllMocks();
    }
  });
});

describe('a disk that forgets a block', () => {
  it('is found when everything is read again in the end', () => {
    const observe = () => ({
      executed: ({ id, disk }: Seen, { height }: Block) => {
        if (id === 1 && height === 20) disk.blocks.delete(10);
      },
    });
    expect(() => simulate(protocol, 1, 4, 40, { profile: 'calm', observe })).toThrow('recheck');
  });
});
