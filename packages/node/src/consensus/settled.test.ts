import { describe, expect, it } from 'vitest';
import type { Message } from './messages.ts';
import { isSettled } from './settled.ts';
import { checkpoint, checkpointVote, makeChain, vote } from './testing/make.ts';
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
    ['what is no vote', prepared, { type: 'headers', blocks: [] } as const],
  ])('never: %s', (_, make, message) => {
    expect(isSettled(make().state, message)).toBe(false);
  });
});
