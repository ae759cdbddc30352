import { describe, expect, it } from 'vitest';
import { certificate, checkpoint, checkpointVote, makeChain } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

const chain = makeChain(12);

/** Blocks 1 to `committed` known committed by votes, nothing executed. */
function behind(committed: number): Solo {
  const solo = new Solo();
  solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, `${committed}a`) });
  solo.hear({ type: 'headers', blocks: chain.slice(0, committed).toReversed() });
  return solo;
}

describe('rule 5: the checkpoint', () => {
  it('is cosigned after execution, never at COMMIT, and logged before', () => {
    const solo = behind(2);
    solo.tick(7_999);
    expect(solo.executed('1a').slice(0, 2)).toEqual(['log cosign 1 at 7', 'CHECKPOINT 1 1a']);
  });

  it('q cosignatures of one text make all below final: one signer twice, or another text, do not count', () => {
    const solo = behind(2);
    solo.executed('1a');
    solo.executed('2a');
    solo.cosigned(checkpointVote('2a', 0));
    solo.cosigned(checkpointVote('2a', 0));
    solo.cosigned(checkpointVote('2a', 2, 'another text'));
    solo.cosigned({ ...checkpointVote('2a', 3), hash: '2b' });
    expect(solo.state.low).toBe(0);
    const more = behind(2);
    for (const signer of [0, 2]) more.cosigned(checkpointVote('2a', signer));
    expect(more.cosigned(checkpointVote('2a', 3)).slice(0, 2)).toEqual(['log checkpoint 2', 'final 2']);
    expect(more.state.low).toBe(2);
  });

  it('another text than the certified one is a fatal divergence, whichever comes first', () => {
    const solo = behind(1);
    solo.executed('1a', 'mine');
    const certified = { type: 'checkpoint-certificate', certificate: checkpoint('1a') } as const;
    const diverged = ['diverged: my checkpoint at 1 is not the certified one in origin'];
    expect(solo.hear(certified)).toEqual(diverged);
    const late = behind(1);
    late.hear(certified);
    expect(late.executed('1a', 'mine')).toEqual(diverged);
  });

  it('a checkpoint certificate suffices to execute, and moves low past what was executed', () => {
    const solo = new Solo();
    const said = solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('3a') });
    expect(said).toEqual(['log checkpoint 3', 'final 3']);
    expect(solo.hear({ type: 'headers', blocks: chain.slice(0, 3).toReversed() })).toEqual(['execute 1a']);
    expect(solo.executed('1a')).toEqual(['execute 2a']);
  });
});

describe('rule 6: cosigning again', () => {
  it('heights strictly increase and times never decrease, though the clock went back', () => {
    const solo = behind(2);
    solo.tick(9_000);
    solo.executed('1a');
    solo.restart(chain[0]!, solo.log, 2_000);
    expect(solo.state.cosigned).toMatchObject({ height: 1, time: 9 });
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '2a') });
    solo.hear({ type: 'headers', blocks: [chain[1]!] });
    expect(solo.executed('2a')).toContain('log cosign 2 at 9');
  });

  it('nothing at or below what is final', () => {
    const solo = behind(3);
    solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('2a') });
    expect(solo.executed('1a')).toEqual(['execute 2a']);
    expect(solo.executed('2a')).toEqual(['execute 3a']);
    expect(solo.executed('3a')).toContain('CHECKPOINT 3 3a');
  });

  it('nothing W or more below the newest committed block while catching up: that is final somewhere', () => {
    const solo = behind(12);
    const said = chain.flatMap(({ hash }) => solo.executed(hash));
    expect(said.filter(line => line.startsWith('CHECKPOINT')).map(line => line.split(' ')[1])).toEqual([
      ...['5', '6', '7', '8', '9', '10', '11', '12'],
    ]);
  });

  it('cosignatures are held within (low, low+2W] only', () => {
    const solo = behind(1);
    for (let height = 0; height < 40; height++) solo.cosigned(checkpointVote(`${height}a`, 3));
    expect([...solo.state.checkpointVotes.keys()]).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
    solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('15a') });
    expect([...solo.state.checkpointVotes.keys()]).toEqual([16]);
  });

  it('of another epoch are not counted', () => {
    const solo = behind(1);
    for (const signer of [0, 2, 3]) solo.cosigned({ ...checkpointVote('1a', signer), epoch: 1 });
    expect(solo.state.low).toBe(0);
  });
});
