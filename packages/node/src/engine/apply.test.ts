import {
  bitAt,
  blockHash,
  type Chain,
  concat,
  decode,
  edgeFromTiles,
  emptyEdge,
  type Header,
  leafCodec,
  mapHash,
  mapRoot,
  memoryNodeStore,
  parseCheckpoint,
  type Submission,
  stateName,
  subjectValueCodec,
  submissionValueCodec,
  type TileEdge,
  toHex,
} from '@qifeng/core';
import { rebuild } from '@qifeng/core/execution';
import { nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  A,
  B,
  C,
  entry,
  header,
  submission,
  TIME,
  testChain,
  unwrap,
} from '../../../core/src/execution/testing/ledger.ts';
import type { StateChange } from '../ports/ledger-store.ts';
import { applyBlock, genesisWrite, type StateReader } from './apply.ts';

const chain = testChain();
const { hasher } = nativeSuite;
const PUBLISHERS = [A, B, C] as const;
const IDS = ['a', 'b', 'c', 'd'] as const;
const ACTIONS = ['open', 'change', 'close', 'comment'] as const;

/** A ledger in memory, driven through `applyBlock` as the engine does. */
class TestLedger implements StateReader {
  readonly pages = memoryNodeStore();
  readonly state = new Map<string, StateChange>();
  readonly tiles = new Map<string, Uint8Array>();
  readonly blocks: { header: Header; submissions: readonly Submission[] }[] = [];
  readonly texts: string[] = [];
  edge: TileEdge = emptyEdge;
  #parent: Uint8Array;

  constructor(of: Chain = chain) {
    const { genesisHash, state, pages } = genesisWrite(of, nativeSuite);
    this.#parent = genesisHash;
    this.#store(state, pages);
  }

  stateValue(key: Uint8Array): Uint8Array | null {
    return this.state.get(toHex(key))?.value ?? null;
  }

  expired(until: number): Uint8Array[] {
    const found = [...this.state.values()].flatMap(({ name, value }) => {
      const id = name.slice(-32);
      if (toHex(name) !== toHex(stateName('submission', id))) return [];
      return [{ id, expires: unwrap(decode(submissionValueCodec, value!)).expires }];
    });
    const due = found.filter(({ expires }) => expires <= until);
    return due
      .sort((x, y) => x.expires - y.expires || (toHex(x.id) < toHex(y.id) ? -1 : 1))
      .map(({ id }) => id);
  }

  run(submissions: readonly Submission[], after: number) {
    const next = { ...header(chain, this.blocks.length + 1, after), parent: this.#parent };
    this.#parent = blockHash(next, hasher);
    const { write, edge, dropped } = applyBlock(
      chain,
      nativeSuite,
      this,
      next,
      this.#parent,
      submissions,
      this.edge,
    );
    expect(write.firstIndex).toBe(this.edge.size);
    this.#store(write.state, write.pages);
    for (const { level, index, hashes } of write.tiles) this.tiles.set(`${level}/${index}`, hashes);
    this.edge = edge;
    this.blocks.push({ header: next, submissions });
    this.texts.push(write.text);
    return { ...write, dropped };
  }

  #store(state: readonly StateChange[], pages: Parameters<typeof this.pages.apply>[0]): void {
    for (const change of state) {
      if (change.value === null) this.state.delete(toHex(change.key));
      else this.state.set(toHex(change.key), change);
    }
    this.pages.apply(pages);
  }
}

/** Root of the sparse map of these pairs, sorted by key, as FORMATS defines it. */
function definedRoot(pairs: readonly StateChange[], depth = 0): Uint8Array {
  if (pairs.length === 0) return new Uint8Array(32);
  const [{ key, value }] = pairs as [StateChange];
  if (pairs.length === 1) return hasher.digest(concat(Uint8Array.of(0x10), key, hasher.digest(value!)));
  const sides = [0, 1].map(side =>
    definedRoot(
      pairs.filter(pair => bitAt(pair.key, depth) === side),
      depth + 1,
    ),
  );
  return hasher.digest(concat(Uint8Array.of(0x11), ...sides));
}

const rebuiltTexts = (blocks: TestLedger['blocks']) =>
  Array.from(rebuild(chain, nativeSuite, blocks), ({ text }) => text);

/** What one random entry tries; `near` is what its `prev` is off by. */
const op = fc.record({
  id: fc.constantFrom(...IDS),
  action: fc.constantFrom(...ACTIONS),
  near: fc.constantFrom(0, 0, 0, 0, 1),
  cites: fc.option(fc.constantFrom(...IDS), { freq: 4 }),
});
const tried = fc.record({
  publisher: fc.constantFrom(A, A, A, B, C),
  ops: fc.uniqueArray(op, { selector: ({ id }) => id, minLength: 1, maxLength: 4 }),
  life: fc.integer({ min: 1, max: 60_000 }),
});
type Value<T> = T extends fc.Arbitrary<infer V> ? V : never;
/** Blocks: milliseconds since the one before, new submissions, and which earlier ones come again. */
const history = fc.array(
  fc.record({
    step: fc.integer({ min: 1, max: 30_000 }),
    tries: fc.array(tried, { maxLength: 4 }),
    again: fc.array(fc.nat(), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** What entries mean, said again in a few lines for the profile `note` of the test chain and subjects of A. */
class Model {
  readonly subjects = new Map<string, { state: string; head: number; version: number }>();
  size = 0;

  /** Builds the submission that is tried, and does what the ledger should do with it. */
  try({ publisher, ops }: Value<typeof tried>) {
    const entries = ops.map(({ id, action, near, cites }) => {
      const head = this.subjects.get(id)?.head;
      const prev = near === 0 ? (head ?? null) : (head ?? 0) + near;
      const index = cites === null ? 0 : (this.subjects.get(cites)?.head ?? 0);
      const links = cites === null ? [] : [{ rel: 'cites', subject: { issuer: A, id: cites }, index }];
      const digest = action === 'close' ? { alg: 'sm3' as const, hash: new Uint8Array(32).fill(1) } : null;
      return entry(id, { action, prev, links, digest });
    });
    const flaws = ops.map(each => this.#flaw(publisher, each));
    const at = flaws.findIndex(flaw => flaw !== null);
    if (at >= 0) return { entries, flaw: [flaws[at], at] };
    for (const { id, action } of ops) {
      const version = (this.subjects.get(id)?.version ?? 0) + 1;
      this.subjects.set(id, { state: action === 'close' ? 'closed' : 'open', head: this.size++, version });
    }
    return { entries, flaw: null };
  }

  #flaw(publisher: string, { id, action, near, cites }: Value<typeof op>): string | null {
    const state = this.subjects.get(id)?.state ?? 'none';
    if (publisher !== A && (action !== 'comment' || state === 'none')) return 'not-issuer';
    const from = { open: ['none'], change: ['open'], close: ['open'], comment: ['none', 'open'] }[action];
    if (!from.includes(state)) return 'action-not-allowed';
    if (near !== 0) return 'wrong-prev';
    if (cites === null) return null;
    if (action !== 'open') return 'link-not-allowed';
    return this.subjects.has(cites) ? null : 'unknown-link';
  }
}

describe('applied blocks', () => {
  it('do what the model says, and have the roots of a naive rebuild, each time the same', () => {
    fc.assert(
      fc.property(history, blocks => {
        const [ledger, model] = [new TestLedger(), new Model()];
        const sent: Submission[] = [];
        let now = 0;
        for (const { step, tries, again } of blocks) {
          now += step;
          const known = sent.length;
          const expected = tries.map(each => {
            const { entries, flaw } = model.try(each);
            const over = { publisher: each.publisher, issuedAt: TIME + now, expires: TIME + now + each.life };
            const made = submission(chain, entries, over, hasher);
            sent.push(made);
            return [toHex(made.id), flaw];
          });
          const repeats = known === 0 ? [] : again.map(i => sent[i % known]!);
          const write = ledger.run([...repeats, ...sent.slice(known), ...sent.slice(known)], now);
          const found = write.outcomes.map(({ id, refusal }) => [
            toHex(id),
            refusal && [refusal.code, refusal.entry],
          ]);
          expect(found).toEqual(expected);
          expect(ledger.edge.size).toBe(model.size);
          const earlier = write.leaves.map(leaf => unwrap(decode(leafCodec, leaf)).subjectPrev);
          expect(write.rows.filter(({ list }) => list === 'subject').map(({ index }) => index)).toEqual(
            earlier.filter(index => index !== null),
          );
        }
        for (const [id, { state, head, version }] of model.subjects) {
          const value = ledger.stateValue(hasher.digest(stateName('subject', 'note', A, id)));
          expect(unwrap(decode(subjectValueCodec, value!))).toMatchObject({ state, head, version });
        }
        expect(rebuiltTexts(ledger.blocks)).toEqual(ledger.texts);
        const { stateRoot } = unwrap(parseCheckpoint(ledger.texts.at(-1)!));
        expect(stateRoot).toEqual(definedRoot([...ledger.state.values()]));
        const replayed = new TestLedger();
        for (const {
          header: { timestamp },
          submissions,
        } of ledger.blocks)
          replayed.run(submissions, timestamp - TIME);
        expect(replayed.texts).toEqual(ledger.texts);
        expect(replayed.pages.pages).toEqual(ledger.pages.pages);
      }),
      { numRuns: 80 },
    );
  });

  it('go on from tiles that were stored, over the widths of tiles', () => {
    const ledger = new TestLedger();
    let last = 0;
    for (const count of [1, 254, 1, 1, 255, 1000, 0, 3]) {
      const entries = Array.from({ length: count }, () => entry(`${last++}`));
      ledger.run(
        count === 0 ? [] : [submission(chain, entries, {}, hasher)],
        (ledger.blocks.length + 1) * 10,
      );
      const source = {
        hashes: (level: number, index: number, width: number) =>
          ledger.tiles.get(`${level}/${index}`)!.subarray(0, width * 32),
      };
      expect(edgeFromTiles(source, last)).toEqual(ledger.edge);
    }
    expect(rebuiltTexts(ledger.blocks)).toEqual(ledger.texts);
  });

  it('say where they stand in their checkpoint', () => {
    const ledger = new TestLedger();
    const { text, hash, state, pages } = ledger.run([submission(chain, [entry('a')], {}, hasher)], 5);
    expect(unwrap(parseCheckpoint(text))).toMatchObject({
      origin: chain.origin,
      size: 1,
      height: 1,
      blockHash: hash,
      stateRoot: pages.root,
      epoch: 0,
    });
    expect(pages.root).toEqual(mapRoot(mapHash(hasher), ledger.pages));
    const keys = state.map(({ key }) => toHex(key));
    expect(keys).toEqual(keys.toSorted());
    for (const { key, name } of state) expect(toHex(key)).toBe(toHex(hasher.digest(name)));
  });

  it('leave the store as it was', () => {
    const ledger = new TestLedger();
    const before = new Map(ledger.pages.pages);
    const sent = [submission(chain, [entry('a')], {}, hasher)];
    applyBlock(chain, nativeSuite, ledger, header(chain, 1), new Uint8Array(32), sent, emptyEdge);
    expect([ledger.pages.pages, ledger.edge]).toEqual([before, emptyEdge]);
  });
});

describe('a fresh chain', () => {
  it('holds its members, publishers, profiles, parameters and first epoch', () => {
    const { genesisHash, state } = genesisWrite(chain, nativeSuite);
    expect(genesisHash).toBe(chain.hash);
    const names = new Set(state.map(({ name }) => toHex(name)));
    const expected = [
      ...['110000', '120000'].map(code => stateName('member', code)),
      ...PUBLISHERS.map(id => stateName('publisher', id)),
      ...chain.genesis.profiles.map(({ name }) => stateName('profile', name)),
      ...Object.keys(chain.genesis.parameters).map(name => stateName('parameter', name)),
      stateName('epoch', 0),
    ];
    expect(names).toEqual(new Set(expected.map(toHex)));
  });
});

describe('the naive rebuild', () => {
  const ledger = new TestLedger();
  for (let i = 0; i < 4; i++) ledger.run([submission(chain, [entry(`${i}`)], {}, hasher)], 100 + i);

  it('shows the first block that differs', () => {
    const changed = ledger.blocks.with(2, { ...ledger.blocks[2]!, submissions: [] });
    const texts = rebuiltTexts(changed);
    expect(texts.map((text, i) => text === ledger.texts[i])).toEqual([true, true, false, false]);
  });

  it('shows a value, a page or a tile that changed in the store', () => {
    const spoilt = (spoil: (victim: TestLedger) => void) => {
      const victim = new TestLedger();
      for (const [i, { submissions }] of ledger.blocks.entries()) {
        if (i === 2) spoil(victim);
        victim.run(submissions, 100 + i);
      }
      return rebuiltTexts(victim.blocks).map((text, i) => text === victim.texts[i]);
    };
    const publisher = toHex(hasher.digest(stateName('publisher', A)));
    expect(spoilt(() => undefined)).toEqual([true, true, true, true]);
    const wrong = [true, true, false, false];
    expect(
      spoilt(victim => {
        // As if read from its tiles again.
        victim.edge = { ...victim.edge, partials: victim.edge.partials.map(hashes => hashes.slice()) };
        victim.edge.partials[0]!.fill(7, 0, 32);
      }),
    ).toEqual(wrong);
    expect(
      spoilt(victim => {
        const change = victim.state.get(publisher)!;
        // The running number, one before the end, said to be greater.
        victim.state.set(publisher, { ...change, value: change.value!.with(-2, 9) });
      }),
    ).toEqual(wrong);
    const old = [...new TestLedger().pages.pages];
    expect(spoilt(({ pages }) => pages.apply({ root: pages.get('')!, written: old, removed: [] }))).toEqual(
      wrong,
    );
  });
});
