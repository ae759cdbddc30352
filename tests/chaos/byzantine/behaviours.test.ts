import { nativeSuite } from '@qifeng/core/native';
import { describe, expect, it } from 'vitest';
import type { Block, Message, NewView, ViewChange } from '../../../packages/node/src/consensus/messages.ts';
import type { State } from '../../../packages/node/src/consensus/state.ts';
import { blockHasher, wireCodecs } from '../../../packages/node/src/engine/wire/codecs.ts';
import { frameCodec } from '../../../packages/node/src/engine/wire/frames.ts';
import { signedBytesOf } from '../../../packages/node/src/engine/wire/signed-bytes.ts';
import { Random } from '../../../packages/node/src/testing/simulator/random.ts';
import { testKey } from '../../fixtures/builder.ts';
import type { Hand } from './behaviour.ts';
import { combined as combinedOf } from './behaviours.ts';
import { answeredBy, CLAIMS, SAID, WAYS } from './votes-on.ts';

const { hasher } = nativeSuite;
const genesis = new Uint8Array(32);
const codecs = wireCodecs(genesis, hasher);
const frames = frameCodec(codecs);
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
const text = `ledger.example\n0\nAAAA\nblock 1 BBBB\nstate CCCC\nepoch 0\n`;
const cosigned = frameOf({
  type: 'checkpoint-vote',
  vote: { epoch: 0, height: 1, hash: block.hash, text, time: 1, ...by },
});
const peers = ['120000', '130000', '140000'];
const signer = testKey('liar');
const hand = (): Omit<Hand, 'lied'> => ({
  genesis,
  hasher,
  signer,
  random: new Random(1),
  codes: ['110000', ...peers],
  peers,
  voted: null,
  node: { state: null, connected: () => peers, offerHeld: () => {}, send: () => {} },
});
const combined = (names: readonly string[], told: (name: string) => void = () => {}) =>
  combinedOf(names, hand(), told);
/** What reaches each peer of these frames. */
const sent = (behaviour: string, ...said: readonly Uint8Array[]) => {
  const liar = combined([behaviour]);
  return peers.map(to => said.flatMap(frame => liar.outgoing(to, frame)));
};
const messagesIn = (all: readonly Uint8Array[]): readonly Message[] =>
  all.flatMap(frame => {
    const read = frames.decode(frame);
    return read.ok && read.value.type === 'message' ? [read.value.message] : [];
  });
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

  it('misleads one alone, with votes of its own', () => {
    const stories = sent('mislead', proposal, vote).map(all => hashesIn(all).join(' '));
    const common = stories[0]!;
    expect(stories.filter(story => story !== common)).toHaveLength(1);
  });

  it('votes twice', () => {
    for (const all of sent('double-vote', vote)) expect(new Set(hashesIn(all)).size).toBe(2);
  });

  it('cosigns two texts', () => {
    for (const all of sent('two-heads', cosigned)) {
      const texts = messagesIn(all).map(message => message.type === 'checkpoint-vote' && message.vote.text);
      expect(new Set(texts)).toEqual(new Set([text, text.replace('CCCC', 'ACCC')]));
    }
  });

  it('votes and cosigns two things, both late', () => {
    const late: Uint8Array[] = [];
    const node = { ...hand().node, send: (_: string, frame: Uint8Array) => void late.push(frame) };
    const liar = combinedOf(['belated'], { ...hand(), node }, () => {});
    const said = [vote, cosigned].flatMap(frame => liar.outgoing(peers[0]!, frame));
    expect(said).toEqual([]);
    for (let tick = 0; tick < 19; tick++) liar.tick();
    expect(late).toEqual([]);
    liar.tick();
    expect(messagesIn(late).map(({ type }) => type)).toEqual([
      'vote',
      'vote',
      'checkpoint-vote',
      'checkpoint-vote',
    ]);
    expect(new Set(late.map(frame => Buffer.from(frame).toString('hex'))).size).toBe(4);
    liar.tick();
    expect(late).toHaveLength(4);
  });

  it('gives bodies to half of the members, and later on to nobody', () => {
    const bodies = Array.from({ length: 30 }, (_, i) =>
      frames.encode({ type: 'batch', bytes: Uint8Array.of(i) }),
    );
    const got = sent('withhold-bodies', ...bodies).map(all => new Set(all));
    const readers = bodies.map(body => got.filter(all => all.has(body)).length);
    expect(readers.slice(0, 20)).toEqual(readers.slice(0, 20).fill(2));
    expect(readers.slice(20)).toEqual(readers.slice(20).fill(0));
    expect(sent('withhold-bodies', vote)).toEqual(peers.map(() => [vote]));
  });

  it('votes in everybody’s name, and no signature is theirs or its own', () => {
    for (const all of sent('garbage-votes', vote)) {
      const votes = messagesIn(all).flatMap(message => (message.type === 'vote' ? [message.vote] : []));
      const forged = votes.filter(({ hash }) => hash !== block.hash);
      expect(forged.map(one => one.signer)).toEqual([0, 1, 2, 3]);
      const signed = signedBytesOf(genesis, hasher, codecs);
      const own = forged.filter(({ kind, epoch, view, height, hash, signature }) =>
        nativeSuite.verifier.verify(
          signer.publicKey,
          signed.vote(kind, epoch, view, height, hash),
          signature,
        ),
      );
      expect(own.map(one => one.signer)).not.toContain(0);
    }
  });

  it('floods with what is far ahead, the true vote last', () => {
    for (const all of sent('flood', vote, vote)) {
      expect(all.length).toBeGreaterThan(100);
      expect(all.at(-1)).toEqual(vote);
      const far = messagesIn(all).flatMap(message =>
        message.type === 'vote' && message.vote.hash !== block.hash ? [message.vote.height] : [],
      );
      expect(far.length).toBeGreaterThan(10);
      expect(Math.min(...far)).toBeGreaterThan(1_000);
    }
  });

  it('does not flood while it is behind', () => {
    const behind = { target: { height: 5 }, executed: { height: 4 } } as unknown as State;
    const sentAs = (state: State) => {
      const liar = combinedOf(['flood'], { ...hand(), node: { ...hand().node, state } }, () => {});
      return [vote, vote].map(frame => liar.outgoing(peers[0]!, frame).length);
    };
    expect(sentAs(behind)).toEqual([1, 1]);
    expect(sentAs({ ...behind, executed: behind.target })[1]).toBeGreaterThan(50);
  });

  it('withholds from some and not from all', () => {
    const counts = sent('withhold', vote).map(all => all.length);
    expect(counts).toContain(0);
    expect(counts).toContain(1);
  });

  it('garbles and replays, what others said too', () => {
    const liar = combined(['replay']);
    liar.incoming(cosigned, peers[0]!);
    const replayed = Array.from({ length: 20 }, () => liar.outgoing(peers[0]!, vote)).flat();
    expect(replayed).toContain(cosigned);
    const many = Array.from({ length: 50 }, () => vote);
    expect(sent('garble', ...many).flatMap(hashesIn)).toContain('noise');
    expect(sent('replay', ...many).flat().length).toBeGreaterThan(150);
  });

  it('leads a view with two NEW-VIEWs, each rightly signed, its own VIEW-CHANGE told in two ways', () => {
    const certificate = { kind: 'prepare', epoch: 0, view: 1, height: 1, hash: block.hash, signatures: [] };
    const asks = (position: number) => ({
      epoch: 0,
      newView: 4,
      checkpoint: null,
      signer: position,
      signature,
    });
    const viewChanges = [{ ...asks(0), high: certificate }, ...[1, 2].map(i => ({ ...asks(i), high: null }))];
    const said = frameOf({ type: 'new-view', newView: { epoch: 0, view: 4, viewChanges, ...by } as NewView });
    const config = { me: 0, epoch: 0, validators: ['110000', ...peers] };
    const state = { config, high: null, viewChanges: new Map() } as unknown as State;
    const lies: string[] = [];
    const liar = combinedOf(['new-views'], { ...hand(), node: { ...hand().node, state } }, name => {
      lies.push(name);
    });
    const told = peers.map(to => messagesIn(liar.outgoing(to, said))[0]!);
    expect(new Set(told.map(message => Buffer.from(frameOf(message)).toString('hex'))).size).toBe(2);
    const signed = signedBytesOf(genesis, hasher, codecs);
    const other = told.flatMap(message =>
      message.type === 'new-view' && message.newView.viewChanges[0]!.high === null ? [message.newView] : [],
    );
    expect(lies).toEqual(other.map(() => 'new-views'));
    for (const newView of other) {
      const [own] = newView.viewChanges as [ViewChange];
      const bytes = [signed.newView(newView), signed.viewChange(own)] as const;
      expect(nativeSuite.verifier.verify(signer.publicKey, bytes[0], newView.signature)).toBe(true);
      expect(nativeSuite.verifier.verify(signer.publicKey, bytes[1], own.signature)).toBe(true);
    }
  });

  it('leads with forged blocks that decode and are rightly signed', () => {
    const state = { config: { me: 0, epoch: 0, validators: ['110000', ...peers] } } as unknown as State;
    const liar = combinedOf(['forge'], { ...hand(), node: { ...hand().node, state } }, () => {});
    const proposals = Array.from({ length: 60 }, (_, i) => {
      const other = { ...draft, timestamp: i };
      const shown = { ...other, hash: blockHasher(genesis, hasher)(other) };
      return frameOf({ type: 'proposal', proposal: { view: 0, block: shown, ...by } });
    });
    const said = proposals.flatMap(frame => liar.outgoing(peers[0]!, frame));
    const forged = messagesIn(said.filter(frame => !proposals.includes(frame)));
    expect(forged.length).toBeGreaterThan(1);
    const signed = signedBytesOf(genesis, hasher, codecs);
    for (const message of forged) {
      if (message.type !== 'proposal') throw new Error(message.type);
      const { view, block, signature } = message.proposal;
      const bytes = signed.of({ type: 'proposal', view, block });
      expect(nativeSuite.verifier.verify(signer.publicKey, bytes, signature)).toBe(true);
      expect(block.hash).toBe(blockHasher(genesis, hasher)(block));
    }
  });

  it('keeps from the node inside what it dislikes, and that only', () => {
    const censor = combined(['censor']);
    expect(censor.offers(`0000000a${'0'.repeat(56)}`)).toBe(false);
    expect(censor.offers(`0000000b${'0'.repeat(56)}`)).toBe(true);
    expect(combined(['slow', 'forge']).offers('b'.repeat(64))).toBe(true);
  });

  it('votes on with a retired key, in the name of each who votes now and in the epoch that is over', () => {
    const config = { me: -1, epoch: 2, validators: ['110000', ...peers] };
    const rest = { view: 3, low: 0, texts: new Map([[1, text]]), executed: { height: 1, hash: block.hash } };
    const state = { config, ...rest } as unknown as State;
    const said: Uint8Array[] = [];
    const kinds = new Map<string, number>();
    const node = { ...hand().node, state, send: (_: string, frame: Uint8Array) => void said.push(frame) };
    const liar = combinedOf(['votes-on'], { ...hand(), voted: { epoch: 1, position: 4 }, node }, kind => {
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    });
    const now = { ...block, height: 5, epoch: 2 };
    const shown = { ...now, hash: blockHasher(genesis, hasher)(now) };
    liar.incoming(frameOf({ type: 'proposal', proposal: { view: 3, block: shown, ...by } }), peers[0]!);
    for (let i = 0; i < 5; i++) liar.tick();
    const over = { epoch: 1, height: 4, hash: block.hash, text, signatures: [] };
    liar.incoming(frameOf({ type: 'checkpoint-certificate', certificate: over }), peers[1]!);
    for (const said of SAID) for (const way of WAYS) expect(kinds.get(`${said} ${way}`)).toBeGreaterThan(0);
    for (const claim of CLAIMS) expect(kinds.get(claim)).toBe(peers.length);
    expect(kinds.get(answeredBy(peers[1]!))).toBe(1);
    const signed = signedBytesOf(genesis, hasher, codecs);
    const votes = messagesIn(said).flatMap(message => (message.type === 'vote' ? [message.vote] : []));
    expect(new Set(votes.map(vote => `${vote.epoch} ${vote.signer}`))).toEqual(
      new Set(['2 0', '2 1', '2 2', '2 3', '2 4', '1 4']),
    );
    for (const { kind, epoch, view, height, hash, signature } of votes) {
      const bytes = signed.vote(kind, epoch, view, height, hash);
      expect(nativeSuite.verifier.verify(signer.publicKey, bytes, signature)).toBe(true);
    }
  });

  it('tells those without a seat what others propose, once, and nothing that those said themselves', () => {
    const state = { config: { validators: ['110000', peers[0]] } } as unknown as State;
    const told: string[] = [];
    const node = { ...hand().node, state, send: (to: string) => void told.push(to) };
    const liar = combinedOf(['tell-tale'], { ...hand(), node }, () => {});
    for (const to of peers) liar.outgoing(to, proposal);
    expect(told).toEqual(peers.slice(1));
    liar.incoming(cosigned, peers[0]!);
    expect(told).toEqual([...peers.slice(1), ...peers.slice(1)]);
    liar.incoming(cosigned, peers[1]!);
    liar.incoming(vote, peers[0]!);
    expect(told).toHaveLength(4);
  });

  it('knows no other vice', () => {
    expect(() => combined(['honesty'])).toThrow('equivocate');
  });
});
