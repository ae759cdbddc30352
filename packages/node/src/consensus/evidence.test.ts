import { describe, expect, it } from 'vitest';
import { isEvidence } from './evidence.ts';
import type { CheckpointVote, Evidence, Message, SignedVote } from './messages.ts';
import { isSettled } from './settled.ts';
import {
  certificate,
  checkpoint,
  checkpointVote,
  makeBlock,
  makeConfig,
  newView,
  viewChange,
  vote,
} from './testing/make.ts';
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

describe('a certificate convicts who signed something else here:', () => {
  const prepared = certificate('prepare', 0, '1a', [0, 2, 3]);
  const final = checkpoint('1a', [0, 2, 3]);
  const votedFor = (kind: 'prepare' | 'commit') => (solo: Solo) => void solo.votes(kind, 0, '1b', [2]);
  const cosigned = (solo: Solo) => void solo.cosigned(checkpointVote('1a', 2, 'other'));
  const asks = viewChange(1, 3, { high: prepared, checkpoint: final });
  const cases: readonly [string, (solo: Solo) => void, Message][] = [
    [
      'of commits',
      votedFor('commit'),
      { type: 'commit-certificate', certificate: certificate('commit', 0, '1a', [0, 2, 3]) },
    ],
    ['of a checkpoint', cosigned, { type: 'checkpoint-certificate', certificate: final }],
    ['of PREPAREs, in a VIEW-CHANGE', votedFor('prepare'), { type: 'view-change', viewChange: asks }],
    ['of a checkpoint, in a VIEW-CHANGE', cosigned, { type: 'view-change', viewChange: asks }],
    ['of PREPAREs, in a NEW-VIEW', votedFor('prepare'), newView(1, [asks])],
    ['of a checkpoint, in a NEW-VIEW', cosigned, newView(1, [asks])],
  ];

  it.each(cases)('%s', (_, holding, message) => {
    const solo = new Solo();
    holding(solo);
    expect(hearAgain(solo, message)).toEqual(['evidence against 2', 'to all: evidence against 2']);
    expect(isEvidence(makeConfig(), solo.state.culprits.get(2)!)).toBe(true);
    expect(hearAgain(solo, message)).toEqual([]);
  });

  it.each(cases)('nobody who signed the same: %s', (_, __, message) => {
    const solo = new Solo();
    for (const kind of ['prepare', 'commit'] as const) solo.votes(kind, 0, '1a', [2]);
    solo.cosigned(checkpointVote('1a', 2));
    expect(hearAgain(solo, message)).toEqual([]);
  });

  it('nobody by one of another epoch, or of the other kind', () => {
    const solo = new Solo();
    solo.votes('prepare', 0, '1b', [2]);
    const of = (kind: 'prepare' | 'commit', epoch: number): Message => {
      return { type: 'commit-certificate', certificate: certificate(kind, 0, '1a', [0, 2, 3], epoch) };
    };
    for (const message of [of('commit', 0), of('prepare', 1)]) expect(hearAgain(solo, message)).toEqual([]);
  });

  it('also where it is of what is committed already', () => {
    const solo = new Solo();
    const late: Message = {
      type: 'commit-certificate',
      certificate: certificate('commit', 0, '1a', [0, 2, 3]),
    };
    solo.catchUp([makeBlock('1a', 'g')]);
    expect(isSettled(solo.state, late)).toBe(true);
    solo.votes('commit', 0, '1b', [2]);
    expect(isSettled(solo.state, late)).toBe(false);
    expect(hearAgain(solo, late)).toContain('evidence against 2');
    expect(isSettled(solo.state, late)).toBe(true);
  });

  /** What is said of evidence. */
  function hearAgain(solo: Solo, message: Message): string[] {
    return solo.hear(message, 3).filter(line => line.includes('evidence'));
  }
});

describe('the PREPARE of the leader is shown to those who PREPARE another block than it proposed here', () => {
  const [shown, toThree] = ['to 2: prepare 0/1', 'to 3: prepare 0/1'];
  const lines = (all: readonly string[]) => all.filter(line => /^to \d: prepare/.test(line));

  it('when they do, and when it proposes', () => {
    const first = new Solo();
    first.propose(0, makeBlock('1a', 'g'));
    expect(lines(first.votes('prepare', 0, '1b', [2, 3]))).toEqual([shown, toThree]);
    const then = new Solo();
    expect(lines(then.votes('prepare', 0, '1b', [2, 3]))).toEqual([]);
    expect(lines(then.propose(0, makeBlock('1a', 'g')))).toEqual([shown, toThree]);
  });

  it('and with what they hold convicts it', () => {
    const other = new Solo({ me: 2 });
    other.propose(0, makeBlock('1b', 'g'));
    expect(other.votes('prepare', 0, '1a', [0])).toContain('evidence against 0');
  });

  it('when the view begins, of what came before it', () => {
    const solo = new Solo({ me: 3 });
    solo.hear(vote('prepare', 1, '1a', 1), 1);
    expect(lines(solo.votes('prepare', 1, '1b', [2]))).toEqual([]);
    const asks = [0, 1, 2].map(signer => viewChange(1, signer));
    expect(lines(solo.hear(newView(1, asks), 1))).toEqual(['to 2: prepare 1/1']);
  });

  it('not to those who PREPARE the same, nor once it is convicted, nor by itself', () => {
    const solo = new Solo();
    solo.propose(0, makeBlock('1a', 'g'));
    expect(lines(solo.votes('prepare', 0, '1a', [2]))).toEqual([]);
    hear(solo, votes(signed('prepare', 5, '1a', 0), signed('prepare', 5, '1b', 0)));
    expect(lines(solo.votes('prepare', 0, '1b', [3]))).toEqual([]);
    const leader = new Solo({ me: 0 });
    leader.hear(vote('prepare', 0, '1a', 0), 0);
    expect(lines(leader.votes('prepare', 0, '1b', [2]))).toEqual([]);
  });

  it('not to those who only PREPARE what q have', () => {
    const solo = new Solo();
    solo.propose(0, makeBlock('1b', 'g'));
    expect(lines(solo.votes('prepare', 0, '1a', [2, 3]))).toEqual([shown, toThree]);
    solo.state.high = certificate('prepare', 0, '1a', [0, 2, 3]);
    solo.state.slots.get(0)!.votes.prepare.get(1)!.delete(3);
    expect(lines(solo.votes('prepare', 0, '1a', [3]))).toEqual([]);
  });
});
