import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMING } from '../../consensus/config.ts';
import type { Block, VoteCertificate } from '../../consensus/messages.ts';
import type { ToSign } from '../../consensus/output.ts';
import { emptySlots, initialState, type State } from '../../consensus/state.ts';
import { cosignatureSaying, Symbols, voteSaying } from '../simulator/symbolic.ts';
import { CertificateChecker } from './certificates.ts';
import { ChainChecker } from './chain.ts';
import { DurabilityChecker } from './durability.ts';
import { SignatureChecker } from './signatures.ts';
import { StandingChecker } from './standing.ts';

const vote = (kind: 'prepare' | 'commit', view: number, height: number, hash: string): ToSign => ({
  type: 'vote',
  vote: { kind, epoch: 0, view, height, hash },
});

const bodyOf = (newView: number) => ({ epoch: 0, newView, high: null, checkpoint: null });
const ask = (newView: number): ToSign => ({ type: 'view-change', body: bodyOf(newView) });

const cosign = (height: number, time: number, text = `text ${height}`): ToSign => ({
  type: 'cosignature',
  height,
  hash: `h${height}`,
  text,
  time,
});

describe('signature checker', () => {
  const after = (...said: readonly ToSign[]) => {
    const checker = new SignatureChecker();
    return () => {
      for (const what of said) checker.signed(0, what);
    };
  };

  it('lets the same thing be said twice, and everything in order', () => {
    expect(
      after(vote('prepare', 0, 1, 'a'), vote('prepare', 0, 1, 'a'), ask(1), vote('commit', 1, 1, 'a')),
    ).not.toThrow();
    expect(after(cosign(1, 5), cosign(1, 5), cosign(2, 5))).not.toThrow();
  });

  it.each<[string, readonly ToSign[]]>([
    ['two PREPAREs for one slot', [vote('prepare', 0, 1, 'a'), vote('prepare', 0, 1, 'b')]],
    ['two COMMITs for one slot', [vote('commit', 0, 1, 'a'), vote('commit', 0, 1, 'b')]],
    ['a COMMIT after a VIEW-CHANGE', [ask(1), vote('commit', 0, 1, 'a')]],
    ['a PREPARE after a VIEW-CHANGE', [ask(1), vote('prepare', 0, 1, 'a')]],
    ['a VIEW-CHANGE that goes back', [ask(1), ask(2), ask(1)]],
    ['a VIEW-CHANGE for a view that nobody honest is near', [ask(1), ask(3)]],
    ['two VIEW-CHANGEs for one view', [ask(1), { ...ask(1), body: { ...bodyOf(1), high: {} } } as ToSign]],
    ['a cosignature below the last', [cosign(2, 5), cosign(1, 5)]],
    ['a cosignature at the same height with another text', [cosign(2, 5), cosign(2, 5, 'other')]],
    ['a cosignature earlier than the last', [cosign(1, 5), cosign(2, 4)]],
  ])('finds %s', (_, said) => expect(after(...said)).toThrow('signatures'));
});

describe('certificate checker', () => {
  const symbols = new Symbols();
  /** In epoch 1 member 3 has a new key. */
  const keysOf = (epoch: number) =>
    [
      [0, 1, 2, 3],
      [0, 1, 2, 1003],
    ][epoch] ?? null;
  const certificate = (
    view: number,
    signers: readonly number[],
    hash = 'a',
    saidView = view,
  ): VoteCertificate => ({
    kind: 'prepare',
    epoch: 0,
    view,
    height: 1,
    hash,
    signatures: signers.map(signer => ({
      signer,
      signature: symbols.sign(signer, voteSaying('prepare', 0, saidView, 1, hash)),
    })),
  });

  it('accepts q signers of exactly this', () => {
    expect(() => new CertificateChecker(symbols, keysOf).vote(certificate(0, [0, 1, 2]))).not.toThrow();
  });

  it.each([
    ['too few signers', () => certificate(0, [0, 1])],
    ['a signer twice', () => certificate(0, [0, 1, 1])],
    ['a signer from outside', () => certificate(0, [0, 1, 4])],
    ['signatures of another view', () => certificate(1, [0, 1, 2], 'a', 0)],
  ])('finds %s', (_, make) => {
    expect(() => new CertificateChecker(symbols, keysOf).vote(make())).toThrow('certificates');
  });

  it('takes the keys of the epoch that the certificate names, and of no other', () => {
    const checked = (epoch: number, key: number) => () =>
      new CertificateChecker(symbols, keysOf).vote({
        ...certificate(0, [0, 1, 2]),
        epoch,
        signatures: [0, 1, 3].map(signer => ({
          signer,
          signature: symbols.sign(signer === 3 ? key : signer, voteSaying('prepare', epoch, 0, 1, 'a')),
        })),
      });
    expect(checked(0, 3)).not.toThrow();
    expect(checked(1, 1003)).not.toThrow();
    for (const wrong of [checked(0, 1003), checked(1, 3), checked(2, 3)])
      expect(wrong).toThrow('certificates');
  });

  it('finds two blocks PREPARED in one view, committed or final at one height', () => {
    const checker = new CertificateChecker(symbols, keysOf);
    checker.vote(certificate(0, [0, 1, 2], 'a'));
    expect(() => checker.vote(certificate(0, [1, 2, 3], 'b'))).toThrow('agreement');
    const final = (text: string) => ({
      epoch: 0,
      height: 1,
      hash: 'a',
      text,
      signatures: [0, 1, 2].map(signer => ({
        signer,
        time: 1,
        signature: symbols.sign(signer, cosignatureSaying(text, 1)),
      })),
    });
    checker.checkpoint(final('one'));
    expect(() => checker.checkpoint(final('two'))).toThrow('agreement');
  });
});

describe('chain checker', () => {
  const block = (height: number, parent: string, more: Partial<Block> = {}): Block => ({
    hash: `h${height}`,
    height,
    parent,
    proposer: '110000',
    epoch: 0,
    timestamp: height,
    batches: [],
    barrier: false,
    ...more,
  });
  const checker = () =>
    new ChainChecker(2, 'genesis', new Set(['x', 'governs', 'large']), {
      governs: batch => batch === 'governs',
      size: batch => (batch === 'large' ? 11 : 1),
      maxBytes: 10,
      repeats: proposer => proposer === 'liar',
    });

  it('accepts one chain executed by all', () => {
    const chain = checker();
    for (const replica of [0, 1]) {
      chain.executed(replica, block(1, 'genesis', { batches: ['x'] }), 't1');
      chain.executed(replica, block(2, 'h1'), 't2');
    }
    expect(chain.heights).toEqual([2, 2]);
    expect(chain.has('x')).toBe(true);
  });

  it('lets a liar put into a block what is executed', () => {
    const chain = checker();
    chain.executed(0, block(1, 'genesis', { batches: ['x'] }), 't');
    chain.executed(0, block(2, 'h1', { batches: ['x'], proposer: 'liar' }), 't');
    expect([chain.batches, chain.repeated]).toEqual([1, 1]);
  });

  it.each<[string, string, (chain: ChainChecker) => void]>([
    ['a height left out', 'chain', chain => chain.executed(0, block(2, 'h1'), 't')],
    ['another parent', 'chain', chain => chain.executed(0, block(1, 'other'), 't')],
    [
      'two blocks at one height',
      'agreement',
      chain => {
        chain.executed(0, block(1, 'genesis'), 't');
        chain.executed(1, block(1, 'genesis', { hash: 'other' }), 't');
      },
    ],
    [
      'two checkpoints of one block',
      'chain',
      chain => {
        chain.executed(0, block(1, 'genesis'), 't');
        chain.executed(1, block(1, 'genesis'), 'other');
      },
    ],
    [
      'a batch executed twice',
      'chain',
      chain => {
        chain.executed(0, block(1, 'genesis', { batches: ['x'] }), 't');
        chain.executed(0, block(2, 'h1', { batches: ['x'] }), 't');
      },
    ],
    [
      'a batch nobody sent',
      'chain',
      chain => chain.executed(0, block(1, 'genesis', { batches: ['y'] }), 't'),
    ],
    [
      'a barrier flag without a governance submission',
      'chain',
      chain => chain.executed(0, block(1, 'genesis', { barrier: true }), 't'),
    ],
    [
      'a governance submission without a barrier flag',
      'chain',
      chain => chain.executed(0, block(1, 'genesis', { batches: ['governs'] }), 't'),
    ],
    [
      'bodies that are too large',
      'chain',
      chain => chain.executed(0, block(1, 'genesis', { batches: ['large'] }), 't'),
    ],
    ['a date in the future', 'time', chain => chain.executed(0, block(1, 'genesis'), 't', 0)],
    [
      'a timestamp that stands still',
      'chain',
      chain => {
        chain.executed(0, block(1, 'genesis'), 't');
        chain.executed(0, block(2, 'h1', { timestamp: 1 }), 't');
      },
    ],
  ])('finds %s', (_, name, run) => expect(() => run(checker())).toThrow(name));
});

describe('durability checker', () => {
  const tip = { view: 3, hash: 'tip' };

  it.each<[string, ToSign]>([
    ['PREPARE', vote('prepare', 0, 1, 'a')],
    ['PREPARE of the tip', vote('prepare', 3, 1, 'tip')],
    ['COMMIT', vote('commit', 0, 1, 'a')],
    ['VIEW-CHANGE', ask(1)],
    ['NEW-VIEW', { type: 'new-view', body: { epoch: 0, view: 1, viewChanges: [] } }],
    ['CHECKPOINT', cosign(1, 5)],
  ])('finds a %s before its record is synced', (_, what) => {
    expect(() => new DurabilityChecker().signed(0, what, tip)).toThrow('durability');
  });

  it('finds a COMMIT whose own certificate is not synced, though one below is', () => {
    const block = (height: number, hash: string, parent: string): Block => ({
      ...{ hash, height, parent, proposer: '110000', epoch: 0, timestamp: height },
      ...{ batches: [], barrier: false },
    });
    const prepared = (height: number, hash: string) =>
      ({
        type: 'prepared',
        certificate: { kind: 'prepare', epoch: 0, view: 0, height, hash, signatures: [] },
      }) as const;
    const checker = new DurabilityChecker();
    checker.persisted(0, { type: 'accept', view: 0, block: block(1, 'a', 'g') });
    checker.persisted(0, { type: 'accept', view: 0, block: block(2, 'b', 'a') });
    const commits = (height: number, hash: string) => () =>
      checker.signed(0, vote('commit', 0, height, hash), tip);
    checker.persisted(0, prepared(1, 'a'));
    expect(commits(1, 'a')).not.toThrow();
    expect(commits(1, 'other')).toThrow('durability');
    expect(commits(2, 'b')).toThrow('durability');
    checker.persisted(0, prepared(2, 'b'));
    for (const ok of [commits(1, 'a'), commits(2, 'b')]) expect(ok).not.toThrow();
    expect(commits(1, 'other')).toThrow('durability');
  });

  it('finds a log that lost what was synced, unless it was written anew', () => {
    const record = (height: number) => ({ type: 'cosign' as const, height, hash: 'h', text: 't', time: 1 });
    const [one, two] = [record(1), record(2)];
    const checker = new DurabilityChecker();
    checker.started(0, []);
    checker.persisted(0, one);
    checker.persisted(0, two);
    checker.started(0, [one, two]);
    expect(() => checker.started(0, [one])).toThrow('durability');
    expect(() => checker.started(0, [two, one])).toThrow('durability');
    checker.rewritten(0, [two]);
    expect(() => checker.started(0, [two])).not.toThrow();
  });

  it('knows what was signed upon records that a disk then loses', () => {
    const certificate = { kind: 'prepare', epoch: 0, view: 0, height: 2, hash: 'b', signatures: [] } as const;
    const prepared = { type: 'prepared', certificate } as const;
    const cosigned = { type: 'cosign', height: 1, hash: 'h1', text: 'text 1', time: 5 } as const;
    const checker = new DurabilityChecker();
    for (const record of [prepared, cosigned]) checker.persisted(0, record);
    expect(checker.isSignedUpon(0, [prepared, cosigned], 2)).toBe(false);
    checker.signed(0, vote('commit', 0, 2, 'b'), tip);
    expect(checker.isSignedUpon(0, [prepared, cosigned], 2)).toBe(true);
    expect(checker.isSignedUpon(0, [prepared, cosigned], 1)).toBe(false);
    expect(checker.isSignedUpon(1, [prepared, cosigned], 2)).toBe(false);
    const final = { epoch: 0, height: 2, hash: 'b', text: '', signatures: [] };
    expect(checker.isSignedUpon(0, [{ type: 'checkpoint', certificate: final }, prepared], 1)).toBe(false);
  });

  it('finds "final" before its certificate is synced, and accepts what came in order', () => {
    const checker = new DurabilityChecker();
    expect(() => checker.final(0, 1)).toThrow('durability');
    checker.executed(0, 1);
    expect(() => checker.signed(0, cosign(1, 5), tip)).toThrow('durability');
    checker.persisted(0, { type: 'cosign', height: 1, hash: 'h1', text: 'text 1', time: 5 });
    checker.signed(0, cosign(1, 5), tip);
    expect(() => checker.signed(1, cosign(1, 5), tip)).toThrow('durability');
  });
});

describe('standing checker', () => {
  const state = () =>
    initialState(
      {
        epoch: 0,
        validators: ['110000', '120000', '130000', '140000'],
        me: 0,
        votes: true,
        base: { height: 0, hash: 'genesis', timestamp: 0 },
        window: 1,
        term: 1,
        depth: 8,
        maxBatches: 1,
        maxBytes: 1,
        fill: 1,
        timing: DEFAULT_TIMING,
      },
      { now: 0, wall: 0 },
    );

  it.each(['view', 'asked', 'low'] as const)('finds %s going back', key => {
    const checker = new StandingChecker();
    checker.stepped(0, { ...state(), [key]: 2 });
    expect(() => checker.stepped(0, { ...state(), [key]: 1 })).toThrow('standing');
  });

  it('finds an epoch going back, and lets views begin anew in the next one', () => {
    const checker = new StandingChecker();
    const inEpoch = (epoch: number, view: number) => {
      const before = state();
      return { ...before, view, asked: view, config: { ...before.config, epoch } };
    };
    checker.stepped(0, inEpoch(0, 3));
    checker.stepped(0, inEpoch(1, 0));
    expect(() => checker.stepped(0, inEpoch(0, 3))).toThrow('standing');
  });

  it('finds a PREPARE beyond the window', () => {
    const checker = new StandingChecker();
    expect(() => checker.signed(0, state(), vote('prepare', 0, 1, 'a'))).not.toThrow();
    expect(() => checker.signed(0, state(), vote('prepare', 0, 2, 'a'))).toThrow('bounds');
  });

  it('finds a cosignature of what is final, or must be as a block W above is committed', () => {
    const checker = new StandingChecker();
    const behind = state();
    checker.signed(0, behind, cosign(1, 1));
    behind.commitCertificate = { kind: 'commit', epoch: 0, view: 0, height: 2, hash: 'h2', signatures: [] };
    expect(() => checker.signed(0, behind, cosign(1, 1))).toThrow('standing');
    checker.signed(0, behind, cosign(2, 1));
    expect(() => checker.signed(0, { ...state(), low: 2 }, cosign(2, 1))).toThrow('standing');
  });

  const crowds: readonly (readonly [string, (crowded: State) => void])[] = [
    ['cosignatures', crowded => fill(crowded.checkpointVotes, 3, () => new Map())],
    ['views', crowded => fill(crowded.slots, 3, emptySlots)],
    ['votes', crowded => fill(crowded.slots.get(0)!.votes.prepare, 6, () => new Map())],
    ['proposals', crowded => fill(crowded.slots.get(1)!.proposals, 3, () => new Map())],
    ['VIEW-CHANGEs', crowded => fill(crowded.viewChanges, 5, () => null)],
    ['peers', crowded => fill(crowded.peers, 5, () => null)],
    ['culprits', crowded => fill(crowded.culprits, 5, () => null)],
    ['batches', crowded => fill(crowded.pool, 8, () => null)],
    ['acceptances', crowded => fill(crowded.accepted, 9, () => 'h')],
    ['COMMITs', crowded => fill(crowded.commitSent, 9, () => 'h')],
    ['texts', crowded => fill(crowded.texts, 9, () => 't')],
    ['hashes', crowded => fill(crowded.chain, 9, () => 'h')],
    ['headers', crowded => fill(crowded.blocks, 30, () => null)],
  ];
  it.each(crowds)('finds %s beyond their bound', (_, crowd) => {
    const crowded = state();
    expect(() => new StandingChecker().stepped(0, crowded, 7, 64)).not.toThrow();
    crowd(crowded);
    expect(() => new StandingChecker().stepped(0, crowded, 7, 64)).toThrow('bounds');
  });

  it('finds a step that says too much', () => {
    expect(() => new StandingChecker().stepped(0, state(), 7, 1_000)).toThrow('bounds');
  });
});

/** Puts `count` entries into a map of any kind. */
function fill(map: object, count: number, value: () => unknown): void {
  for (let key = 1; key <= count; key++) (map as Map<unknown, unknown>).set(key, value());
}
