import { nativeSuite } from '@qifeng/core/native';
import { describe, expect, it } from 'vitest';
import type { Block, Message } from '../../../packages/node/src/consensus/messages.ts';
import { blockHasher, wireCodecs } from '../../../packages/node/src/engine/wire/codecs.ts';
import { frameCodec } from '../../../packages/node/src/engine/wire/frames.ts';
import { Random } from '../../../packages/node/src/testing/simulator/random.ts';
import { testKey } from '../../fixtures/builder.ts';
import { combined, type Hand } from './behaviours.ts';

const { hasher } = nativeSuite;
const genesis = new Uint8Array(32);
const frames = frameCodec(wireCodecs(genesis, hasher));
const draft = {
  height: 1,
  parent: 'a'.repeat(64),
  proposer: '110000',
  epoch: 0,
  timestamp: 1,
  batches: ['b'.repeat(64)],
  barrier: false,
};
const block: Block = { ...draft, hash: blockHasher(genesis, hasher)(draft) };
const signature = new Uint8Array(64);
const by = { signer: 0, signature };
const frameOf = (message: Message) => frames.encode({ type: 'message', message });
const proposal = frameOf({ type: 'proposal', proposal: { view: 0, block, ...by } });
const vote = frameOf({
  type: 'vote',
  vote: { kind: 'commit', epoch: 0, view: 0, height: 1, hash: block.hash, ...by },
});
const peers = ['120000', '130000', '140000'];
const hand = (): Hand => ({ genesis, hasher, signer: testKey('liar'), random: new Random(1), peers });
/** What reaches each peer of these frames. */
const sent = (behaviour: string, ...said: readonly Uint8Array[]) => {
  const behave = combined([behaviour], hand());
  return peers.map(to => said.flatMap(frame => behave(to, frame)));
};
const hashesIn = (all: readonly Uint8Array[]) =>
  all.map(frame => {
    const read = frames.decode(frame);
    if (!read.ok || read.value.type !== 'message') return 'noise';
    const { message } = read.value;
    return message.type === 'proposal'
      ? message.proposal.block.hash
      : (message as { vote: { hash: string } }).vote.hash;
  });

describe('a Byzantine member', () => {
  it('equivocates: two blocks at one height, each with votes of its own', () => {
    const stories = new Set(sent('equivocate', proposal, vote).map(all => hashesIn(all).join(' ')));
    expect(stories.size).toBe(2);
    for (const story of stories) {
      const [proposed, voted] = story.split(' ');
      expect(voted).toBe(proposed);
    }
  });

  it('votes twice', () => {
    for (const all of sent('double-vote', vote)) expect(new Set(hashesIn(all)).size).toBe(2);
  });

  it('withholds from some and not from all', () => {
    const counts = sent('withhold', vote).map(all => all.length);
    expect(counts).toContain(0);
    expect(counts).toContain(1);
  });

  it('garbles and replays', () => {
    const many = Array.from({ length: 50 }, () => vote);
    expect(sent('garble', ...many).flatMap(hashesIn)).toContain('noise');
    expect(sent('replay', ...many).flat().length).toBeGreaterThan(150);
  });

  it('knows no other vice', () => {
    expect(() => combined(['honesty'], hand())).toThrow('equivocate');
  });
});
