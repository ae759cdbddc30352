import { describe, expect, it } from 'vitest';
import type { Evidence, Message, SignedVote, ViewChange } from '../../consensus/messages.ts';
import { initialState } from '../../consensus/state.ts';
import { makeConfig } from '../../consensus/testing/make.ts';
import { cosignatureSaying, Symbols, voteSaying } from '../simulator/symbolic.ts';
import { EvidenceChecker } from './evidence.ts';

const symbols = new Symbols();
const vote = (hash: string, more: Partial<SignedVote> = {}): SignedVote => {
  const said = { kind: 'prepare' as const, epoch: 0, view: 0, height: 1, hash, signer: 3, ...more };
  const { kind, epoch, view, height, signer } = said;
  const signature = symbols.sign(signer, voteSaying(kind, epoch, view, height, hash));
  return { ...said, signature, ...more };
};
const cosignature = (text: string) => ({
  epoch: 0,
  height: 1,
  hash: 'h',
  text,
  signer: 3,
  time: 1,
  signature: symbols.sign(3, cosignatureSaying(text, 1)),
});

describe('evidence checker', () => {
  const checker = () => new EvidenceChecker(symbols, new Set([3]), () => [0, 1, 2, 3]);
  const accuse = (first: SignedVote, second: SignedVote) => () =>
    checker().accused(0, { type: 'votes', first, second });

  it('accepts what convicts a guilty one', () => {
    expect(accuse(vote('a'), vote('b'))).not.toThrow();
    const texts: Evidence = { type: 'checkpoints', first: cosignature('a'), second: cosignature('b') };
    expect(() => checker().accused(0, texts)).not.toThrow();
  });

  it.each([
    ['an honest one accused', vote('a', { signer: 1 }), vote('b', { signer: 1 })],
    ['two votes that are one', vote('a'), vote('a')],
    ['votes of two views', vote('a'), vote('b', { view: 1 })],
    ['votes of two kinds', vote('a'), vote('b', { kind: 'commit' })],
    ['votes of two heights', vote('a'), vote('b', { height: 2 })],
    ['votes of two signers', vote('a'), vote('b', { signer: 2 })],
    ['a signature that does not hold', vote('a'), vote('b', { signature: vote('a').signature })],
  ])('finds %s', (_, first, second) => expect(accuse(first, second)).toThrow('evidence'));

  it('finds an equivocator whom nobody names', () => {
    const state = initialState(makeConfig(), { now: 0, wall: 0 });
    state.slots.get(0)!.votes.prepare.set(1, new Map([[3, vote('a')]]));
    const evidence = checker();
    evidence.received(state, { type: 'vote', vote: vote('a') });
    expect(() => evidence.handled(0, state)).not.toThrow();
    evidence.received(state, { type: 'vote', vote: vote('b') });
    expect(() => evidence.handled(0, state)).toThrow('evidence');
    const block = { hash: 'b', height: 1, parent: 'g', proposer: 'm3', epoch: 0, timestamp: 1 };
    const proposal = {
      view: 0,
      block: { ...block, batches: [], barrier: false },
      signer: 3,
      signature: vote('b').signature,
    };
    evidence.received(state, { type: 'proposal', proposal });
    expect(() => evidence.handled(0, state)).toThrow('evidence');
  });

  it('finds one whom nobody names and who cosigned two texts at one height', () => {
    const state = initialState(makeConfig(), { now: 0, wall: 0 });
    state.checkpointVotes.set(1, new Map([[3, cosignature('a')]]));
    const evidence = checker();
    const heard = (text: string) => () => {
      evidence.received(state, { type: 'checkpoint-vote', vote: cosignature(text) });
      evidence.handled(0, state);
    };
    expect(heard('a')).not.toThrow();
    expect(heard('b')).toThrow('evidence');
    state.low = 1;
    expect(heard('b')).not.toThrow();
  });

  it('finds one whom nobody names and whom a certificate convicts', () => {
    const state = initialState(makeConfig(), { now: 0, wall: 0 });
    state.slots.get(0)!.votes.prepare.set(1, new Map([[3, vote('a')]]));
    state.checkpointVotes.set(1, new Map([[3, cosignature('a')]]));
    const heard = (high: string, text: string) => () => {
      const asks: ViewChange = {
        ...{ epoch: 0, newView: 1, signer: 0, signature: vote('a').signature },
        high: { ...vote(high), signatures: [vote(high)] },
        checkpoint: { ...cosignature(text), signatures: [cosignature(text)] },
      };
      const all: Message[] = [
        { type: 'view-change', viewChange: asks },
        { type: 'new-view', newView: { ...asks, view: 1, viewChanges: [asks] } },
      ];
      for (const message of all) {
        const evidence = checker();
        evidence.received(state, message);
        evidence.handled(0, state);
      }
    };
    expect(heard('a', 'a')).not.toThrow();
    expect(heard('b', 'a')).toThrow('does not accuse');
    expect(heard('a', 'b')).toThrow('does not accuse');
  });

  it('finds who does not show what the leader proposed to one who PREPAREs something else', () => {
    const state = initialState(makeConfig(), { now: 0, wall: 0 });
    state.slots.get(0)!.votes.prepare.set(1, new Map([[0, vote('a', { signer: 0 })]]));
    const heard = (hash: string, shown: [number, SignedVote][]) => () => {
      const evidence = checker();
      evidence.received(state, { type: 'vote', vote: vote(hash) });
      for (const [to, one] of shown) evidence.sent(to, { type: 'vote', vote: one });
      evidence.handled(1, state);
    };
    const own = vote('a', { signer: 0 });
    expect(heard('b', [[3, own]])).not.toThrow();
    expect(heard('a', [])).not.toThrow();
    expect(heard('b', [])).toThrow('does not show 3 what 0 proposed');
    expect(heard('b', [[2, own]])).toThrow('does not show');
    expect(heard('b', [[3, vote('a', { signer: 2 })]])).toThrow('does not show');
  });
});
