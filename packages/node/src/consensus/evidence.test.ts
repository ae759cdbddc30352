import { describe, expect, it } from 'vitest';
import { isEvidence } from './evidence.ts';
import type { CheckpointVote, Evidence, SignedVote } from './messages.ts';
import { checkpointVote, makeBlock, makeConfig, vote } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

const signed = (...given: Parameters<typeof vote>): SignedVote =>
  (vote(...given) as { vote: SignedVote }).vote;
const votes = (first: SignedVote, second: SignedVote): Evidence => ({ type: 'votes', first, second });
const texts = (first: CheckpointVote, second: CheckpointVote): Evidence => ({
  type: 'checkpoints',
  first,
  second,
});
const hear = (solo: Solo, evidence: Evidence) => solo.hear({ type: 'evidence', evidence }, 3);

describe('evidence is', () => {
  it.each([
    ['two PREPAREs in one slot', votes(signed('prepare', 0, '1a', 2), signed('prepare', 0, '1b', 2)), true],
    ['two COMMITs in one slot', votes(signed('commit', 3, '1a', 2), signed('commit', 3, '1b', 2)), true],
    [
      'two texts at one height',
      texts(checkpointVote('1a', 2, 'one'), checkpointVote('1a', 2, 'other')),
      true,
    ],
    ['not the same vote twice', votes(signed('prepare', 0, '1a', 2), signed('prepare', 0, '1a', 2)), false],
    ['not a PREPARE and a COMMIT', votes(signed('prepare', 0, '1a', 2), signed('commit', 0, '1b', 2)), false],
    ['not two views', votes(signed('prepare', 0, '1a', 2), signed('prepare', 1, '1b', 2)), false],
    ['not two heights', votes(signed('prepare', 0, '1a', 2), signed('prepare', 0, '2b', 2)), false],
    ['not two signers', votes(signed('prepare', 0, '1a', 2), signed('prepare', 0, '1b', 3)), false],
    [
      'not of another epoch',
      votes(signed('prepare', 0, '1a', 2, 1), signed('prepare', 0, '1b', 2, 1)),
      false,
    ],
    ['not of nobody', votes(signed('prepare', 0, '1a', 9), signed('prepare', 0, '1b', 9)), false],
    [
      'not one text at two times',
      texts(checkpointVote('1a', 2), { ...checkpointVote('1a', 2), time: 9 }),
      false,
    ],
  ])('%s', (_, evidence, convicts) => {
    expect(isEvidence(makeConfig(), evidence)).toBe(convicts);
    expect(hear(new Solo(), evidence).length > 0).toBe(convicts);
  });
});

describe('a replica that sees a double', () => {
  const told = ['evidence against 2', 'to all: evidence against 2'];

  it('vote, proposal or cosignature keeps it and tells everybody', () => {
    const prepares = new Solo();
    prepares.votes('prepare', 0, '1a', [2]);
    expect(prepares.votes('prepare', 0, '1b', [2])).toEqual(told);
    const texts = new Solo();
    texts.cosigned(checkpointVote('1a', 2, 'one'));
    expect(texts.cosigned(checkpointVote('1a', 2, 'other'))).toEqual(told);
    const proposals = new Solo();
    proposals.propose(0, makeBlock('1a', 'g'));
    expect(proposals.propose(0, makeBlock('1b', 'g'))).toEqual(told.map(line => line.replace('2', '0')));
  });

  it('once a signer, whoever brings it, and tells those who were away', () => {
    const solo = new Solo();
    const evidence = votes(signed('prepare', 0, '1a', 2), signed('prepare', 0, '1b', 2));
    expect(hear(solo, evidence)).toEqual(told);
    expect(hear(solo, evidence)).toEqual([]);
    expect(solo.votes('commit', 0, '1a', [2])).toEqual([]);
    expect(solo.votes('commit', 0, '1b', [2])).toEqual([]);
    expect(solo.give({ type: 'connected', peer: 3 })).toContain('to 3: evidence against 2');
  });
});
