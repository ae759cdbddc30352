import { type Entry, edgeFromTiles, isVerdict, type Leaf, mapHash, mapRoot, verdictOf } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerStore } from '../ports/ledger-store.ts';
import { SEGMENT } from '../ports/search.ts';
import { openLedgerStore } from '../storage/ledger-store.ts';
import { snapshotStore } from '../storage/snapshot-store.ts';
import { memoryKeyValue } from '../storage/testing/memory-key-value.ts';
import type { Question } from './question.ts';
import { search, type Walk } from './search.ts';
import { Library } from './testing/library.ts';

const NOTHING: Question = {
  text: null,
  number: null,
  issuer: null,
  region: null,
  profile: null,
  state: null,
  standing: null,
  digest: null,
  from: null,
  to: null,
  records: 'last',
};
const TODAY = '2028-06-30';
const PLAN = { publishers: 60, profiles: 3, seed: 7, follow: 0.4 };
const SIZE = SEGMENT + 600;

const content = memoryKeyValue();
const library = new Library(PLAN);
const profileOf = (name: string) =>
  library.chain.genesis.profiles.find(profile => profile.name === name) ?? null;
const nameOf = (code: string) => library.chain.genesis.publishers.find(({ id }) => id === code)?.name ?? null;
const names = { profile: profileOf, publisher: nameOf };
let store: LedgerStore;
beforeAll(async () => {
  store = await openLedgerStore(content);
  await library.begin(store);
  while (library.records.length < SIZE) await library.grow(store, 97);
}, 60_000);

/** What holds for a record and was said by the last of its subject's records up to it that says it. */
function inherited(index: number, says: (entry: Entry) => unknown): number {
  for (let at = index; ; at = library.records[at]!.entry.prev!) {
    const { entry } = library.records[at]!;
    if (says(entry)) return at;
    if (entry.prev === null) return index;
  }
}

const narrow = (text: string) =>
  [...text]
    .map(c => (c >= '！' && c <= '～' ? String.fromCharCode(c.charCodeAt(0) - 0xfee0) : c))
    .join('')
    .toLowerCase();
const textOf = ({ subject, meta }: Entry) =>
  [subject.id, ...meta.values()]
    .filter(text => typeof text === 'string' && !/^\d{4}-\d\d-\d\d$/.test(text))
    .map(text => narrow(text as string));
const SCRIPT = /\p{Script=Han}+|[a-z0-9]+/gu;

/** The plain meaning of a question, record by record; knows no index. */
function isAnswer(question: Question, index: number, size: number, at: string): boolean {
  const { entry, state, next } = library.records[index]!;
  const isLast = next === null || next >= size;
  if (question.records === 'last' && !isLast) return false;
  if (question.state !== null && !(isLast && state === question.state)) return false;
  if (question.standing !== null) {
    const date = (name: string) =>
      (library.records[inherited(index, ({ meta }) => meta.has(name))]!.entry.meta.get(name) ?? null) as
        | string
        | null;
    const value = { state, validFrom: date('effective'), validTo: date('expires') };
    const last = { entry: { value: entry } } as Leaf;
    const verdict = verdictOf(value, last, profileOf(entry.profile), Date.parse(`${at}T12:00:00+08:00`));
    if (!isLast || !isVerdict(verdict, question.standing)) return false;
  }
  if (question.profile !== null && entry.profile !== question.profile) return false;
  const issuer = narrow(nameOf(entry.subject.issuer)!);
  if (question.issuer !== null && !/^\w{18}$/.test(question.issuer) && !issuer.includes(question.issuer))
    return false;
  if (
    question.issuer !== null &&
    /^\w{18}$/.test(question.issuer) &&
    entry.subject.issuer !== question.issuer
  )
    return false;
  const sayer = (says: (one: Entry) => unknown) => library.records[inherited(index, says)]!.entry;
  if (question.digest !== null) {
    const { digest } = question.records === 'all' ? entry : sayer(one => one.digest !== null);
    if (digest === null || Buffer.compare(digest.hash, question.digest.hash) !== 0) return false;
  }
  const number = sayer(({ meta }) => meta.has('number')).meta.get('number');
  if (question.number !== null && number !== question.number) return false;
  const title = sayer(({ meta }) => meta.has('title'));
  const date =
    [entry, title].flatMap(({ meta }) => meta.get('published') ?? meta.get('made') ?? [])[0] ?? '2020-09-13';
  if ((question.from !== null && date < question.from) || (question.to !== null && date > question.to))
    return false;
  const codes = [entry, title].flatMap(one => [
    one.subject.issuer.slice(2, 8),
    String(one.meta.get('region') ?? ''),
  ]);
  const prefix = question.region?.replace(/(00)+$/, '') ?? '';
  if (!codes.some(code => code.startsWith(prefix))) return false;
  const texts = [...[entry, title].flatMap(textOf), String(number ?? ''), issuer];
  return (narrow(question.text ?? '').match(SCRIPT) ?? []).every(part =>
    /[a-z0-9]/.test(part)
      ? texts.some(text => [...(text.match(SCRIPT) ?? [])].some(word => word === part))
      : texts.some(text => text.includes(part)),
  );
}

function naive(question: Question, size: number, at = TODAY): number[] {
  return Array.from({ length: size }, (_, i) => size - 1 - i).filter(index =>
    isAnswer(question, index, size, at),
  );
}

/** All pages of a walk. */
function walk(
  question: Question,
  size: number,
  limit = 64,
  of: LedgerStore = store,
  today = TODAY,
): number[] {
  const found: number[] = [];
  for (let at: Walk | null = { size, before: size, at: today }; at !== null; ) {
    const page = search(of, question, at, limit, names);
    expect(page.found.length).toBeLessThanOrEqual(limit);
    found.push(...page.found.map(({ index }) => index));
    at = page.next;
  }
  return found;
}

const part = (text: string, from: number, length: number) => {
  const start = from % Math.max(1, text.length - 1);
  return text.slice(start, start + length);
};
const OTHERS: Partial<Question>[] = [
  { text: '区块链 实施细则' },
  { text: 'ＡＰＩ' },
  { text: 'blockchain 通知', records: 'all' },
  { text: '链块区' },
  { text: '评估', state: 'repealed' },
  { text: '号', region: '350102' },
  { region: '100000' },
  { state: 'none' },
  { to: '1899-12-31' },
  { from: '1850-01-01', to: '2090-01-01', state: 'amended' },
  { number: '京政发〔1999〕1号' },
  { text: '甘肃 区块链' },
  { text: '甘肃机构' },
  { issuer: '甘肃机构', records: 'all' },
  { issuer: '甘肃区块链' },
  {},
];

/** Questions of which each part is true of one record, or nearly. */
const questions: fc.Arbitrary<Question> = fc
  .record({
    about: fc.nat(SIZE - 1),
    from: fc.nat(40),
    length: fc.integer({ min: 1, max: 8 }),
    asks: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
    records: fc.constantFrom('last', 'last', 'all'),
  })
  .map(({ about, from, length, asks, records }) => {
    const { entry, state } = library.records[about]!;
    const title = library.records[inherited(about, ({ meta }) => meta.has('title'))]!.entry;
    const number =
      library.records[inherited(about, ({ meta }) => meta.has('number'))]!.entry.meta.get('number');
    const digest = library.records[inherited(about, one => one.digest !== null)]!.entry.digest;
    const text = part(String(title.meta.get('title') ?? entry.subject.id), from, length);
    const region = entry.subject.issuer.slice(2, 8);
    const wanted = <T>(i: number, value: T | undefined | null): T | null =>
      asks[i] ? (value ?? null) : null;
    return {
      text: wanted(0, /[\p{L}\p{N}]/u.test(text) ? text : null),
      number: wanted(1, typeof number === 'string' ? number : null),
      issuer: wanted(2, entry.subject.issuer),
      region: wanted(3, from % 2 === 0 ? region : `${region.slice(0, 2)}0000`),
      profile: wanted(4, entry.profile),
      state: wanted(5, state),
      standing: from % 5 === 0 ? ('in-force' as const) : null,
      digest: from < 30 ? null : wanted(6, digest),
      from: wanted(7, '2017-03-05'),
      to: asks[7] && from > 20 ? '2023-11-30' : null,
      records,
    } as const;
  });

describe('a search', () => {
  it('finds exactly what a scan of all records finds, newest first', () => {
    const size = library.records.length;
    let some = 0;
    for (const other of OTHERS) {
      const question = { ...NOTHING, ...other };
      expect(walk(question, size, 256)).toEqual(naive(question, size));
    }
    fc.assert(
      fc.property(questions, question => {
        const expected = naive(question, size);
        if (expected.length > 0) some++;
        expect(walk(question, size)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
    expect(some).toBeGreaterThan(10);
  });

  it('finds subjects by what their standing comes to on a day', () => {
    const size = library.records.length;
    for (const standing of ['in-force', 'not-yet', 'amended', 'repealed', 'lapsed', 'superseded'] as const)
      for (const at of ['2016-12-31', TODAY, '2060-01-01']) {
        const question = { ...NOTHING, standing };
        expect(walk(question, size, 256, store, at), `${standing} ${at}`).toEqual(naive(question, size, at));
      }
    const some = (standing: Question['standing'], at: string) =>
      naive({ ...NOTHING, standing }, size, at).length;
    expect(some('lapsed', '2016-12-31')).toBe(0);
    expect(some('lapsed', TODAY)).toBeGreaterThan(100);
    expect(some('not-yet', '2016-12-31')).toBeGreaterThan(some('not-yet', TODAY));
    expect(some('in-force', '2060-01-01')).toBeLessThan(some('in-force', TODAY));
  });

  it('goes on as it began while the log grows: nothing twice, nothing left out', async () => {
    const questions = [
      { ...NOTHING, text: '区块链' },
      { ...NOTHING, state: 'amended', profile: 'record-a' },
      { ...NOTHING, region: '430000', records: 'all' },
      { ...NOTHING, standing: 'lapsed' },
    ] as const;
    const walks = questions.map(question => ({
      question,
      size: library.records.length,
      at: null as Walk | null,
      found: [] as number[],
    }));
    for (let round = 0; round < 8; round++) {
      for (const one of walks) {
        const { size } = one;
        const page = search(store, one.question, one.at ?? { size, before: size, at: TODAY }, 10, names);
        one.found.push(...page.found.map(({ index }) => index));
        one.at = page.next;
      }
      await library.grow(store, 90);
    }
    for (const { question, size, found, at } of walks) {
      found.push(
        ...(at === null ? [] : search(store, question, at, 100_000, names).found.map(({ index }) => index)),
      );
      expect(found).toEqual(naive(question, size));
      expect(found).not.toEqual(naive(question, library.records.length));
    }
  });

  it('ends a page early when it has cost enough, and goes on from there', () => {
    const size = library.records.length;
    const question = { ...NOTHING, text: '号 局 印发', records: 'all' } as const;
    const found: number[] = [];
    let pages = 0;
    for (let at: Walk | null = { size, before: size, at: TODAY }; at !== null; pages++) {
      const page = search(store, question, at, 64, names, { reads: 0, misses: 10 });
      found.push(...page.found.map(({ index }) => index));
      at = page.next;
    }
    expect(found).toEqual(naive(question, size));
    expect(pages).toBeGreaterThan(20);
  });
});

describe('the index of a store', () => {
  const asked: Question[] = [
    { ...NOTHING, text: '优化营商环境', records: 'all' },
    { ...NOTHING, state: 'repealed', text: '评估' },
    { ...NOTHING, region: '650000', from: '2020-01-01' },
    { ...NOTHING, issuer: '甘肃机构', text: '通知' },
  ];
  const links = (of: LedgerStore) => library.records.map((_, index) => of.search.linksTo(index));
  const answersOf = (of: LedgerStore) =>
    asked.map(question => walk(question, library.records.length, 256, of));

  it('is the same when the store is opened again, and when it is made from the log', async () => {
    const before = answersOf(store);
    const linked = links(store);
    expect(linked.flat().length).toBeGreaterThan(100);
    for (const [index, from] of linked.entries())
      for (const one of from)
        expect(library.records[one]!.entry.links.map(link => link.index)).toContain(index);
    await store.close();
    store = await openLedgerStore(content);
    expect([answersOf(store), links(store)]).toEqual([before, linked]);
    await store.close();
    // As an older release left it: no index at all.
    for (const bucket of [21, 22, 23, 24])
      for await (const key of content.keys(bucket)) await content.write([[key, null]], false);
    for (const bucket of [9, 10])
      for await (const key of content.keys(bucket))
        if (key[1] === 3) await content.write([[key, null]], false);
    await content.write([[Uint8Array.of(0, ...Buffer.from('indexed')), null]], false);
    store = await openLedgerStore(content);
    expect([answersOf(store), links(store)]).toEqual([before, linked]);
    await library.grow(store, 200);
    expect(answersOf(store)).toEqual(asked.map(question => naive(question, library.records.length)));
  });

  it('of a store from a snapshot covers the records from there on', async () => {
    const frozen = await store.freeze();
    const place = memoryKeyValue();
    const made = snapshotStore(place, () => {});
    await made.add(frozen.values('', { count: 1_000_000, bytes: 1e9 })!);
    await made.finish({
      genesis: library.chain.hash,
      head: frozen.head,
      stateRoot: mapRoot(mapHash(nativeHasher), store.pages),
      edge: edgeFromTiles(store.tiles, frozen.head.size),
      ends: [],
      certificates: [{ height: frozen.head.header.height, bytes: Uint8Array.of(1) }],
      handovers: [],
    });
    frozen.release();
    let copy = await openLedgerStore(place);
    const from = frozen.head.size;
    expect([copy.base()?.size, walk(NOTHING, from, 256, copy)]).toEqual([from, []]);
    for (let i = 0; i < 3; i++) await library.grow(copy, 100);
    const size = library.records.length;
    const asked = [
      { ...NOTHING, issuer: library.publishers[3]! },
      { ...NOTHING, profile: 'record-b', state: 'repealed' },
      { ...NOTHING, records: 'all' },
    ] as const;
    const expected = asked.map(question => naive(question, size).filter(index => index >= from));
    expect(expected.every(({ length }) => length > 0)).toBe(true);
    expect(asked.map(question => walk(question, size, 64, copy))).toEqual(expected);
    await copy.close();
    copy = await openLedgerStore(place);
    expect(asked.map(question => walk(question, size, 64, copy))).toEqual(expected);
  });
});
