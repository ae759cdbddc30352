import { describe, expect, it } from 'vitest';
import { epochOf, type Message, type VoteCertificate, type VoteKind } from '../../consensus/messages.ts';
import { signedMessage } from '../../consensus/signed.ts';
import { Symbols, saying, voteSaying } from './symbolic.ts';
import { SymbolicVerifier } from './verifier.ts';

const symbols = new Symbols();
const verifier = new SymbolicVerifier(symbols, { says: text => text === 'text' }, epoch =>
  epoch === 0 ? [0, 1, 2, 3] : epoch === 1 ? [0, 1, 2, 1003] : null,
);

const certificate = (
  kind: VoteKind,
  signers: readonly number[],
  said: VoteKind = kind,
  view = 0,
): VoteCertificate => ({
  kind,
  epoch: 0,
  view,
  height: 1,
  hash: 'h',
  signatures: signers.map(signer => ({
    signer,
    signature: symbols.sign(signer, voteSaying(said, 0, 0, 1, 'h')),
  })),
});
const commit = (...args: [readonly number[], VoteKind?, number?]): Message => ({
  type: 'commit-certificate',
  certificate: certificate('commit', ...args),
});
const ask = (signer: number, newView: number, high: VoteCertificate | null = null) => {
  const what = { type: 'view-change' as const, body: { epoch: 0, newView, high, checkpoint: null } };
  const message = signedMessage(what, 0, signer, symbols.sign(signer, saying(what, symbols)));
  if (message.type !== 'view-change') throw new Error('never');
  return message;
};
const lead = (views: readonly [number, number][]): Message => {
  const viewChanges = views.map(([signer, view]) => ask(signer, view).viewChange);
  const what = { type: 'new-view' as const, body: { epoch: 0, view: 1, viewChanges } };
  return signedMessage(what, 0, 1, symbols.sign(1, saying(what, symbols)));
};

describe('the symbolic verifier', () => {
  it.each<[string, Message]>([
    ['q signers in order', commit([0, 1, 3])],
    ['too few signers, whom the protocol counts', commit([0, 1])],
    ['a signer twice, whom the protocol counts', commit([0, 1, 1])],
    ['a VIEW-CHANGE with a certificate', ask(0, 1, certificate('prepare', [0, 1, 2]))],
    [
      'a NEW-VIEW of q VIEW-CHANGEs',
      lead([
        [0, 1],
        [1, 1],
        [2, 1],
      ]),
    ],
  ])('takes %s', (_, message) => expect(verifier.verify(message)).toBe(true));

  it('asks the set of the epoch that a message names', () => {
    const inEpoch = (epoch: number, key: number): Message => ({
      type: 'vote',
      vote: {
        kind: 'commit',
        epoch,
        view: 0,
        height: 1,
        hash: 'h',
        signer: 3,
        signature: symbols.sign(key, voteSaying('commit', epoch, 0, 1, 'h')),
      },
    });
    const verdicts = [inEpoch(0, 3), inEpoch(1, 1003), inEpoch(0, 1003), inEpoch(1, 3), inEpoch(2, 3)];
    expect(verdicts.map(message => verifier.verify(message))).toEqual([true, true, false, false, false]);
    expect(verdicts.map(epochOf)).toEqual([0, 1, 0, 1, 2]);
  });

  it.each<[string, Message]>([
    ['signers out of order', commit([1, 0, 2])],
    ['a signer from outside', commit([1, 2, 4])],
    ['PREPAREs as COMMITs', commit([0, 1, 2], 'prepare')],
    ['votes of another view', commit([0, 1, 2], 'commit', 1)],
    [
      'a PREPARED certificate in the place of a commit certificate',
      { type: 'commit-certificate', certificate: certificate('prepare', [0, 1, 2]) },
    ],
    ['a VIEW-CHANGE with a certificate of too few', ask(0, 1, certificate('prepare', [0, 1]))],
    ['a VIEW-CHANGE with a certificate that names one twice', ask(0, 1, certificate('prepare', [0, 1, 1]))],
    [
      'a VIEW-CHANGE with a certificate of its own view',
      ask(0, 1, { ...certificate('prepare', [0, 1, 2]), view: 1 }),
    ],
    [
      'a VIEW-CHANGE in another name',
      { type: 'view-change', viewChange: { ...ask(0, 1).viewChange, signer: 2 } },
    ],
    [
      'a NEW-VIEW of too few',
      lead([
        [0, 1],
        [1, 1],
      ]),
    ],
    [
      'a NEW-VIEW with one twice',
      lead([
        [0, 1],
        [1, 1],
        [1, 1],
      ]),
    ],
    [
      'a NEW-VIEW with a VIEW-CHANGE for another view',
      lead([
        [0, 1],
        [1, 1],
        [2, 2],
      ]),
    ],
    [
      'a checkpoint that says another block',
      {
        type: 'checkpoint-vote',
        vote: {
          epoch: 0,
          height: 1,
          hash: 'h',
          text: 'other',
          signer: 0,
          time: 1,
          signature: symbols.sign(0, 'cosignature 1 other'),
        },
      },
    ],
  ])('refuses %s', (_, message) => expect(verifier.verify(message)).toBe(false));
});
