import { describe, expect, it } from 'vitest';
import { MAX_HEADERS } from './chain.ts';
import type { Status } from './messages.ts';
import { certificate, checkpoint, makeChain, newView, viewChange, vote } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

const standing = (given: Partial<Status> = {}): Status => {
  return { epoch: 0, view: 0, asked: 0, accepted: 0, committed: 0, final: 0, ...given };
};
const status = (solo: Solo, given: Partial<Status> = {}) =>
  solo.hear({ type: 'status', status: standing(given) }, 2);

function withOwnVotes(): Solo {
  const solo = new Solo();
  solo.propose(0, makeChain(1)[0]!);
  solo.votes('prepare', 0, '1a', [1, 2, 3]);
  solo.hear(vote('commit', 0, '1a', 1), 1);
  return solo;
}

describe('a peer says where it stands', () => {
  it('certificates it lacks go out at once', () => {
    const solo = new Solo();
    solo.catchUp(makeChain(3), true);
    expect(status(solo)).toEqual(['to 2: checkpoint-certificate 3', 'to 2: commit-certificate 3']);
    expect(status(solo, { committed: 3, final: 3 })).toEqual([]);
  });

  const all = ['to 2: proposal 0/1', 'to 2: prepare 0/1', 'to 2: commit 0/1'];

  it('votes and proposals when it begins: it took none of this epoch before', () => {
    expect(status(withOwnVotes())).toEqual(all);
  });

  it('votes and proposals later only when it stood there one STATUS ago', () => {
    const solo = withOwnVotes();
    status(solo, { accepted: 1, view: 1 });
    expect(status(solo)).toEqual([]);
    expect(status(solo)).toEqual(all);
    expect(status(solo, { committed: 1 })).toEqual([]);
  });

  it('no votes to somebody outside the set, who needs certificates only', () => {
    const solo = withOwnVotes();
    for (let i = 0; i < 3; i++) expect(solo.hear({ type: 'status', status: standing() }, 77)).toEqual([]);
  });

  function inView1(n = 4): Solo {
    const solo = new Solo({ validators: Array.from({ length: n }, (_, i) => `m${i}`) });
    const asking = Array.from({ length: n }, (_, signer) => signer).filter(signer => signer !== 1);
    solo.hear(
      newView(
        1,
        asking.map(signer => viewChange(1, signer)),
      ),
    );
    return solo;
  }
  const answersOf = (solo: Solo, rounds: number, peer: number): readonly boolean[] =>
    Array.from({ length: rounds }, (_, i) => {
      solo.tick(500 * i);
      return solo.hear({ type: 'status', status: standing() }, peer).includes(`to ${peer}: new-view 1`);
    });

  it('NEW-VIEW, unless it asked for a later view', () => {
    expect(status(inView1())).toEqual(['to 2: new-view 1']);
    expect(status(inView1(), { asked: 2 })).toEqual([]);
  });

  it.each([
    ['a member', 2],
    ['somebody outside the set', 77],
  ])(
    'NEW-VIEW again, to %s, by f+1 at a time and by each in its turn; by all where they are few',
    (_, peer) => {
      const answers = answersOf(inView1(31), 94, peer);
      // Eleven of 31: in every 31 rounds each has eleven turns.
      for (let i = 1; i + 31 <= answers.length; i++)
        expect(answers.slice(i, i + 31).filter(yes => yes)).toHaveLength(11);
      expect(answersOf(inView1(4), 10, peer)).not.toContain(false);
    },
  );

  it('own VIEW-CHANGE and own cosignatures', () => {
    const solo = new Solo();
    solo.catchUp(makeChain(1));
    const { height, hash, text, time } = solo.state.cosigned!;
    const by = { signer: 1, signature: new Uint8Array() };
    solo.cosigned({ epoch: 0, height, hash, text, time, ...by });
    for (const signer of [2, 3, 1]) solo.viewChange(viewChange(1, signer));
    status(solo, { committed: 1 });
    expect(status(solo, { committed: 1 })).toEqual(['to 2: view-change 1', 'to 2: checkpoint-vote 1']);
  });

  it('a claimed height or view drives no state, and a lowered one gets no more than certificates', () => {
    const solo = new Solo();
    solo.catchUp(makeChain(2), true);
    const before = JSON.stringify([solo.state.view, solo.state.asked, solo.state.low, solo.state.target]);
    status(solo, { view: 99, asked: 99, accepted: 99, committed: 99, final: 99 });
    expect(JSON.stringify([solo.state.view, solo.state.asked, solo.state.low, solo.state.target])).toBe(
      before,
    );
    expect(status(solo)).toEqual(['to 2: checkpoint-certificate 2', 'to 2: commit-certificate 2']);
  });

  it('of another epoch is not answered', () => {
    const solo = new Solo();
    solo.catchUp(makeChain(2), true);
    expect(status(solo, { epoch: 1 })).toEqual([]);
  });

  it('somebody outside the set is answered but not remembered', () => {
    const solo = new Solo();
    solo.hear({ type: 'status', status: standing() }, 77);
    expect(solo.state.peers.size).toBe(0);
  });
});

describe('headers', () => {
  it('of a certified block are asked for, from one peer after the other', () => {
    const solo = new Solo();
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '3a') });
    const asked = [1_000, 2_000, 3_000].flatMap(now => solo.tick(now));
    expect(asked).toEqual([3, 0, 2].map(to => `to ${to}: header-request 3a above 0`));
  });

  it('are asked of those that say they have come as far, by turns, and every other time of whoever comes next', () => {
    const asked = (...claims: readonly (readonly [number, number])[]): readonly number[] => {
      const solo = new Solo();
      for (const [peer, committed] of claims)
        solo.hear({ type: 'status', status: standing({ committed }) }, peer);
      solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '3a') });
      const times = Array.from({ length: 6 }, (_, i) => 1_000 + 500 * i);
      return times.flatMap(now => solo.tick(now)).map(said => Number(said['to '.length]));
    };
    expect(asked([0, 2], [2, 2], [3, 2])).toEqual([3, 3, 0, 0, 2, 2]);
    expect(asked([0, 2], [2, 3], [3, 4])).toEqual([3, 3, 2, 0, 2, 2]);
    // Who boasts and gives nothing keeps it from nobody else.
    expect(asked([0, 99], [2, 2], [3, 2])).toEqual([0, 3, 0, 0, 0, 2]);
  });

  it('are kept only as a chain below what is wanted', () => {
    const solo = new Solo();
    const chain = makeChain(3);
    solo.hear({ type: 'headers', blocks: chain.toReversed() });
    expect(solo.state.blocks.size).toBe(0);
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '3a') });
    solo.hear({ type: 'headers', blocks: [chain[1]!, chain[0]!] });
    expect(solo.state.blocks.size).toBe(0);
    solo.hear({ type: 'headers', blocks: [chain[2]!, chain[0]!, chain[1]!] });
    expect([...solo.state.blocks.keys()]).toEqual(['3a']);
  });

  it('asked for are still wanted when a newer certificate overtakes the answer', () => {
    const solo = new Solo();
    const chain = makeChain(5);
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '3a') });
    expect(solo.tick(500)[0]).toContain('header-request 3a');
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '5a') });
    expect(solo.hear({ type: 'headers', blocks: chain.slice(0, 3).toReversed() })[0]).toBe('execute 1a');
    expect(solo.tick(1_000)[0]).toContain('header-request 5a above 0');
    solo.hear({ type: 'headers', blocks: [chain[4]!, chain[3]!] });
    expect(solo.state.committed.height).toBe(5);
  });

  it('go on to be asked of who gave some at once, and not of who gave none', () => {
    const solo = new Solo();
    const chain = makeChain(4);
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '4a') });
    expect(solo.hear({ type: 'headers', blocks: [chain[3]!, chain[2]!] }, 3)).toEqual([
      'to 3: header-request 2a above 0',
    ]);
    expect(solo.hear({ type: 'headers', blocks: [chain[3]!, chain[2]!] }, 3)).toEqual([]);
    expect(solo.hear({ type: 'headers', blocks: [chain[0]!] }, 2)).toEqual([]);
  });

  it('are served from memory, at most so many at once; the host goes on from its store', () => {
    const solo = new Solo();
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '200a') });
    solo.hear({ type: 'headers', blocks: makeChain(200).slice(50).toReversed() });
    const ask = (hash: string, above: number) =>
      solo.hear({ type: 'header-request', request: { hash, above } }, 3)[0]!;
    expect(ask('53a', 51)).toBe('to 3: headers 53a 52a then from 51a');
    expect(ask('52a', 0)).toBe('to 3: headers 52a 51a then from 50a');
    expect(ask('7a', 0)).toBe('to 3: headers  then from 7a');
    expect(
      ask('200a', 0)
        .split(' ')
        .filter(word => /^\d+a$/.test(word)),
    ).toHaveLength(MAX_HEADERS + 1);
  });

  it('checkpoint and chain of a long absence are taken without recursion', () => {
    const solo = new Solo();
    const blocks = makeChain(100_000).toReversed();
    solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('100000a') });
    expect(() => solo.hear({ type: 'headers', blocks })).not.toThrow();
    expect([solo.state.committed.height, solo.state.executing]).toEqual([100_000, 1]);
  });
});

it('a peer in an epoch that is over is told its end, and one in a later epoch nothing', () => {
  const solo = new Solo({ epoch: 2 });
  const status = (epoch: number) =>
    solo.hear(
      { type: 'status', status: { epoch, view: 0, asked: 0, accepted: 0, committed: 0, final: 0 } },
      3,
    );
  expect(status(1)).toEqual(['to 3: end of epoch 1']);
  expect(status(3)).toEqual([]);
});
