import { describe, expect, it } from 'vitest';
import { admit, emptyGuard, type Guard, memoryLoss, nextEpoch, prune } from './guard.ts';
import type { ToSign } from './output.ts';
import { compacted, opened, recover } from './recover.ts';
import { clock, makeBlock, makeConfig, newView, viewChange } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

describe('memory is lost', () => {
  /** A replica that accepted 1a, PREPARED it and cosigned nothing, and what its guard says. */
  function voted(): { readonly solo: Solo; readonly guard: Guard } {
    const solo = new Solo();
    solo.propose(0, makeBlock('1a', 'g'));
    solo.votes('prepare', 0, '1a', [2, 3]);
    const said: readonly ToSign[] = (['prepare', 'commit'] as const).map(kind => ({
      type: 'vote',
      vote: { kind, epoch: 0, view: 0, height: 1, hash: '1a' },
    }));
    const guard = said.reduce((held, what) => {
      const verdict = admit(held, what, () => '');
      if ('refused' in verdict) throw new Error(verdict.refused);
      return verdict.guard;
    }, emptyGuard(0));
    return { solo, guard };
  }
  const fresh = () => new Solo().state;

  it('by a key without log and birth marker, by one that signed and has no log, and by one that lost it before', () => {
    const { guard } = voted();
    expect(memoryLoss(emptyGuard(0), false, fresh())).toBeNull();
    expect(memoryLoss(null, false, fresh())).toContain('birth marker');
    expect(memoryLoss(guard, false, fresh())).toContain('log is gone');
    expect(memoryLoss({ ...emptyGuard(0), amnesiac: true }, true, fresh())).toContain('before');
  });

  it('when the ledger is there and the log is not', () => {
    const solo = new Solo();
    solo.catchUp([makeBlock('1a', 'g')]);
    expect(memoryLoss(emptyGuard(0), false, solo.state)).toContain('ledger');
  });

  it('by a key that has no vote yet: it may have had one in an epoch to come', () => {
    const { guard } = voted();
    const follower = new Solo({ votes: false });
    expect(memoryLoss(null, false, follower.state)).toContain('birth marker');
    expect(memoryLoss(guard, false, follower.state)).toContain('log is gone');
    expect(memoryLoss({ ...guard, epoch: 1 }, true, follower.state)).toContain('epoch 1');
    // One that came by a snapshot has a ledger and no log, and has signed nothing.
    follower.catchUp([makeBlock('1a', 'g')]);
    expect(memoryLoss(emptyGuard(0), false, follower.state)).toBeNull();
  });

  it('when an older log was put back: behind in view, vote or cosignature', () => {
    const { solo, guard } = voted();
    expect(memoryLoss(guard, true, solo.state)).toBeNull();
    expect(memoryLoss(guard, true, fresh())).toContain('prepare/0/1');
    const prepared = new Solo();
    prepared.propose(0, makeBlock('1a', 'g'));
    expect(memoryLoss(guard, true, prepared.state)).toContain('commit/0/1');
    expect(memoryLoss({ ...guard, viewFloor: 1 }, true, solo.state)).toContain('view 1');
    const cosigned = { height: 1, text: 'text', time: 1 };
    expect(memoryLoss({ ...guard, cosigned }, true, solo.state)).toContain('cosignature at 1');
  });

  it('when the log knows that a view was asked for, and not that it was entered and voted in', () => {
    const solo = new Solo();
    for (const signer of [2, 3, 1]) solo.viewChange(viewChange(1, signer));
    expect([solo.state.view, solo.state.asked]).toEqual([0, 1]);
    const { guard } = voted();
    const inView = (kind: string): Guard => ({ ...guard, viewFloor: 1, signed: new Map([[kind, '1a']]) });
    expect(memoryLoss(inView('view-change/1/0'), true, solo.state)).toBeNull();
    expect(memoryLoss(inView('prepare/1/1'), true, solo.state)).toContain('prepare/1/1');
    // Also of the tip, which may be final.
    expect(memoryLoss(inView('commit/1/0'), true, solo.state)).toContain('commit/1/0');
  });

  it('when there is a log and no guard: whether that log is the newest nobody can tell', () => {
    expect(memoryLoss(null, true, voted().solo.state)).toContain('guard is gone');
  });

  it('when a NEW-VIEW was signed that the log does not have', () => {
    const { solo, guard } = voted();
    const led: Guard = { ...guard, signed: new Map(guard.signed).set('new-view/1/0', 'body') };
    expect(memoryLoss(led, true, solo.state)).toContain('new-view/1/0');
    solo.state.ownNewView = { epoch: 0, view: 1, viewChanges: [] };
    expect(memoryLoss(led, true, solo.state)).toBeNull();
  });

  it('when a cosignature is lost and its block cosigned anew as the log is read back', () => {
    const block = makeBlock('1a', 'g');
    const said = { height: 1, text: 'text', time: 9 };
    const guard: Guard = { ...emptyGuard(0), cosigned: said };
    const accepted = { type: 'accept', view: 0, block } as const;
    const readBack = (records: Parameters<typeof recover>[1]) =>
      recover(makeConfig(), records, { block, text: 'text', closes: false }, clock(60_000)).state;
    const anew = readBack([accepted]);
    expect(anew.cosigned?.height).toBe(1);
    expect(memoryLoss(guard, true, anew)).toContain('cosignature at 1');
    const whole = readBack([accepted, { type: 'cosign', hash: '1a', ...said }]);
    expect(memoryLoss(guard, true, whole)).toBeNull();
  });

  it('when all that was signed is final, and the log ends before that', () => {
    const { guard } = voted();
    expect(memoryLoss(prune(guard, 9), true, fresh())).toContain('prepare/0/1');
  });

  it('not by a log ahead of its guard, nor over what is final', () => {
    const { solo, guard } = voted();
    expect(memoryLoss(emptyGuard(0), true, solo.state)).toBeNull();
    solo.catchUp([makeBlock('1a', 'g')], true);
    solo.restart(makeBlock('1a', 'g'));
    expect(memoryLoss(guard, true, solo.state)).toBeNull();
  });

  it('not by an epoch that began: its log and the guard both know the last cosignature of the one before', () => {
    const before = new Solo();
    before.catchUp([makeBlock('1a', 'g')], true);
    before.state.cosigned = { height: 1, hash: '1a', text: 'text', time: 9 };
    const config = makeConfig({ epoch: 1, base: { height: 1, hash: '1a', timestamp: 10 } });
    const state = opened(before.state, config, clock(0));
    const records = compacted(state);
    expect(records.map(({ type }) => type)).toEqual(['epoch', 'cosign']);
    const old: Guard = { ...emptyGuard(0), cosigned: { height: 1, text: 'text', time: 9 } };
    const first: ToSign = {
      type: 'vote',
      vote: { kind: 'prepare', epoch: 1, view: 0, height: 2, hash: '2a' },
    };
    const verdict = admit(nextEpoch(old, 1), first, () => '');
    if ('refused' in verdict) throw new Error(verdict.refused);
    const accept = { type: 'accept', view: 0, block: makeBlock('2a', '1a', { epoch: 1 }) } as const;
    const executed = { block: makeBlock('1a', 'g'), text: 'text', closes: false };
    const recovered = recover(config, [...records, accept], executed, clock(0)).state;
    expect(memoryLoss(verdict.guard, true, recovered)).toBeNull();
    const forgot = recover(config, [records[0]!, accept], executed, clock(0)).state;
    expect(memoryLoss(verdict.guard, true, forgot)).toContain('cosignature at 1');
  });

  it('and the guard then signs nothing, whatever it is', () => {
    const { guard } = voted();
    const vote: ToSign = {
      type: 'vote',
      vote: { kind: 'prepare', epoch: 0, view: 0, height: 1, hash: '1a' },
    };
    expect(admit({ ...guard, amnesiac: true }, vote, () => '')).toHaveProperty('refused');
  });
});

describe('a replica without a vote', () => {
  it('follows and says nothing', () => {
    const solo = new Solo({ votes: false });
    const a1 = makeBlock('1a', 'g');
    expect(solo.propose(0, a1)).toEqual([]);
    expect(solo.votes('prepare', 0, '1a', [0, 2, 3])).toEqual(['log prepared 0/1 1a']);
    expect(solo.votes('commit', 0, '1a', [0, 2, 3])).toEqual(['execute 1a']);
    expect(solo.executed('1a')).toEqual([]);
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    for (let now = 0; now < 60_000; now += 100)
      expect(solo.tick(now).filter(line => !line.startsWith('to '))).toEqual([]);
    expect(
      solo.hear(
        newView(
          1,
          [0, 2, 3].map(signer => viewChange(1, signer)),
        ),
      ),
    ).toEqual(['log new-view 1']);
  });
});
