import { describe, expect, it } from 'vitest';
import type { Message } from './messages.ts';
import { isSettled } from './settled.ts';
import {
  certificate,
  checkpoint,
  checkpointVote,
  makeChain,
  newView,
  viewChange,
  vote,
} from './testing/make.ts';
import { Solo } from './testing/solo.ts';

const [a1, a2] = makeChain(2) as [ReturnType<typeof makeChain>[0], ReturnType<typeof makeChain>[0]];
const cosigned = (hash: string, signer: number): Message => ({
  type: 'checkpoint-vote',
  vote: checkpointVote(hash, signer),
});

/** Blocks 1 and 2 accepted and PREPARED by 0, 1 and 2; nothing committed. */
function prepared(): Solo {
  const solo = new Solo();
  solo.propose(0, a1);
  solo.propose(0, a2);
  solo.votes('prepare', 0, '1a', [2, 1]);
  solo.votes('prepare', 0, '2a', [2, 1]);
  return solo;
}

/** The same, and 3 has PREPAREd another block. */
function liar(): Solo {
  const solo = prepared();
  solo.votes('prepare', 0, '2b', [3]);
  return solo;
}

const committed = (id: string): Message => ({
  type: 'commit-certificate',
  certificate: certificate('commit', 0, id),
});
const certified = (id: string): Message => ({
  type: 'checkpoint-certificate',
  certificate: checkpoint(id),
});
const asks = (view: number, signer: number, id?: string): Message => ({
  type: 'view-change',
  viewChange: viewChange(view, signer, { checkpoint: id === undefined ? null : checkpoint(id) }),
});
const enters = (view: number): Message =>
  newView(
    view,
    [0, 2, 3].map(signer => viewChange(view, signer)),
  );

/** In view 1; what 2 asked for since is held. */
function inView(): Solo {
  const solo = new Solo();
  solo.hear(enters(1));
  solo.hear(asks(3, 2), 2);
  return solo;
}

/** On the way from view 0 to view 3. */
function leaving(): Solo {
  const solo = new Solo();
  solo.hear(asks(3, 2), 2);
  solo.hear(asks(3, 3), 3);
  return solo;
}

/** Both committed and executed, block 1 final. */
function final(): Solo {
  const solo = prepared();
  solo.votes('commit', 0, '2a', [0, 1, 2]);
  solo.executed('1a');
  solo.executed('2a');
  solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('1a') });
  return solo;
}

describe('a message is settled', () => {
  it.each([
    ['a late PREPARE of the highest PREPARED block', prepared, vote('prepare', 0, '2a', 3)],
    ['a late PREPARE below it', prepared, vote('prepare', 0, '1a', 3)],
    ['a vote that is held already', prepared, vote('prepare', 0, '2a', 2)],
    ['a late COMMIT of a committed block', final, vote('commit', 0, '2a', 3)],
    ['a COMMIT of its ancestor', final, vote('commit', 0, '1a', 3)],
    ['a cosignature of what is final', final, cosigned('1a', 3)],
    ['a vote far above', final, vote('commit', 0, '18a', 3)],
    ['a vote of a view to come', final, vote('commit', 2, '2a', 3)],
    ['a certificate of a committed block', final, committed('2a')],
    ['a certificate of its ancestor', final, committed('1a')],
    ['the checkpoint that made a block final', final, certified('1a')],
    ['a VIEW-CHANGE for the view one is in', inView, asks(1, 3)],
    ['a VIEW-CHANGE that is held', inView, asks(3, 2)],
    ['one with a checkpoint that is final', final, asks(0, 2, '1a')],
    ['a NEW-VIEW of the view one is in', inView, enters(1)],
    ['a NEW-VIEW before the view asked for', leaving, enters(1)],
    ['a vote of another epoch', final, vote('commit', 0, '2a', 3, 1)],
  ])('%s: and `step` passes over it', (_, make, message) => {
    const solo = make();
    expect(isSettled(solo.state, message)).toBe(true);
    expect(solo.hear(message, 3)).toEqual([]);
  });

  it.each([
    ['another block where one is PREPARED', prepared, vote('prepare', 0, '2b', 3)],
    ['another block below', prepared, vote('prepare', 0, '1b', 3)],
    ['another block by a signer whose vote is held', prepared, vote('prepare', 0, '2b', 2)],
    ['what was decided, by a signer that said otherwise before', liar, vote('prepare', 0, '2a', 3)],
    ['a PREPARE of a later view', prepared, vote('prepare', 1, '2a', 3)],
    ['a COMMIT of what is only PREPARED', prepared, vote('commit', 0, '2a', 3)],
    ['a COMMIT of another block at a committed height', final, vote('commit', 0, '2b', 3)],
    ['a cosignature above the last final block', final, cosigned('2a', 3)],
    ['a cosignature of another final block', final, cosigned('1b', 3)],
    ['a certificate of another block at a committed height', final, committed('2b')],
    ['a certificate above', prepared, committed('1a')],
    ['a checkpoint above the last final block', final, certified('2a')],
    ['a VIEW-CHANGE for a view to come', inView, asks(2, 3)],
    ['a later one of a signer', inView, asks(4, 2)],
    ['one that is held, with a checkpoint that is news', inView, asks(3, 2, '2a')],
    ['a NEW-VIEW of a view to come', inView, enters(2)],
    ['a NEW-VIEW of the view asked for', leaving, enters(3)],
    ['headers', prepared, { type: 'headers', blocks: [] } as const],
  ])('never: %s', (_, make, message) => {
    expect(isSettled(make().state, message)).toBe(false);
  });
});
