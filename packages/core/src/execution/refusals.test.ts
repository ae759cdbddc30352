import { beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { encode } from '../encoding/codec.ts';
import type { Entry, Link, MetaValue } from '../records/entry.ts';
import { publisherValueCodec, stateName } from '../records/state.ts';
import { wouldRefuse } from './check-submission.ts';
import {
  A,
  B,
  C,
  entry,
  keyOf,
  PlainLedger,
  STRANGER,
  submission,
  TIME,
  testChain,
} from './testing/ledger.ts';

const chain = testChain();
const digest = { alg: 'sha256', hash: new Uint8Array(32) } as const;
const other = { ...entry('x').subject, issuer: B };
let ledger: PlainLedger;

// Record 0 is the note `known`, record 1 the note `gone`, closed by record 2, record 3 one owned by B.
beforeEach(() => {
  ledger = new PlainLedger(chain);
  ledger.submit([entry('known'), entry('gone')]);
  ledger.submit([entry('gone', { action: 'close', prev: 1, digest })]);
  ledger.submit([entry('owned', { meta: new Map([['owner', B]]) })]);
});

const next = (over: Partial<Entry>) => entry('known', { action: 'change', prev: 0, ...over });
const meta = (...pairs: [string, MetaValue][]) => entry('new', { meta: new Map(pairs) });
const sealed = (...pairs: [string, MetaValue][]) => ({
  ...meta(...pairs),
  profile: 'sealed',
  subject: { issuer: A, id: 'a0'.repeat(32) },
});
const follow = (link: Partial<Link>) => ({
  ...sealed(),
  action: 'follow',
  links: [{ rel: 'cites', subject: { issuer: A, id: 'b0'.repeat(32) }, index: 0, ...link }],
});
const cites = (id: string, index: number, rel = 'cites') =>
  entry('new', { links: [{ rel, subject: { issuer: A, id }, index }] });
const together = (issuers: readonly string[]) => ({
  ...meta(['issuers', issuers]),
  profile: 'together',
  digest,
});
const wants = (...of: readonly (readonly [id: string, index: number])[]): Entry => ({
  ...entry('new'),
  profile: 'want',
  links: of.map(([id, index]) => ({ rel: 'of', subject: { issuer: A, id }, index })),
});
const policy = (...pairs: [string, MetaValue][]) => ({
  ...meta(...pairs),
  profile: 'strict',
  action: 'write',
});
const numbered = (n: string | null, id: string, code = 'A7') => ({
  ...meta(
    ['code', code],
    ...(n === null ? [] : [['bill-number', n.padStart(10, '0')] as [string, MetaValue]]),
  ),
  profile: 'numbered',
  subject: { issuer: A, id },
});
const origin = { method: '扫描', tool: 'scanner', operator: '办公室', capturedAt: null, earlier: null };
const hash = new Uint8Array(32);

type Case = [code: string, why: string, entry: Entry, over?: Parameters<typeof submission>[2]];

const OF_THE_ENTRY: Case[] = [
  [
    'profile-not-allowed',
    'a profile the publisher does not have',
    { ...meta(), profile: 'strict' },
    { publisher: C },
  ],
  ['unknown-profile', 'no such profile', entry('new', { profile: 'other' })],
  ['unknown-action', 'no such action', entry('new', { action: 'other' })],
  ['action-not-allowed', 'from nothing', entry('new', { action: 'change' })],
  ['action-not-allowed', 'a second first record', entry('known')],
  ['action-not-allowed', 'after the end', entry('gone', { action: 'change', prev: 2 })],
  ['not-issuer', 'a name of another issuer', entry('new', { subject: other })],
  ['not-issuer', 'the same where anybody may act', entry('new', { action: 'comment', subject: other })],
  ['not-issuer', 'a later record by another', next({}), { publisher: B }],
  ['not-owner', 'the issuer after the owner changed', entry('owned', { action: 'hand-over', prev: 3 })],
  ['not-entitled', 'what is for the home member', next({ action: 'inspect' }), { publisher: B }],
  ['wrong-prev', 'none where there is one', next({ prev: null })],
  ['wrong-prev', 'another', next({ prev: 1 })],
  ['wrong-prev', 'one where there is none', entry('new', { prev: 0 })],
  ['digest-required', 'no file', next({ action: 'close' })],
  ['digest-not-allowed', 'a file', next({ digest })],
  ['missing-field', 'left out', entry('new', { profile: 'strict' })],
  ['missing-field', 'null', { ...meta(['text', null]), profile: 'strict' }],
  ['wrong-subject-id', 'another id than the fields say', numbered('1', 'A7-0000000001 ')],
  ['missing-field', 'one of those that name it', numbered(null, 'A7-0000000001')],
  ['bad-field', 'another spelling of it', numbered('1', 'a7-0000000001', 'a7')],
  ['unknown-field', 'not of the action', meta(['colour', 'red'])],
  ['unknown-field', 'not of the action, null', meta(['colour', null])],
  ['bad-field', 'another type', meta(['text', 1])],
  ['bad-field', 'empty', meta(['text', ''])],
  ['bad-field', 'too long', meta(['short', '文件'])],
  ['bad-field', 'no calendar date', meta(['effective', '2021-02-29'])],
  ['bad-field', 'a document number not in normal form', meta(['document-number', '国办发[2020]1号'])],
  ['bad-field', 'an end before the beginning', meta(['effective', '2021-02-02'], ['expires', '2021-02-01'])],
  ['bad-field', 'secrecy that is no text', meta(['secrecy', true])],
  ['secret-document', 'a 密级', meta(['secrecy', '秘密'])],
  ['secret-document', 'a 密级 that is none of the table', meta(['secrecy', 'None'])],
  ['secret-document', 'a marking in a title', meta(['text', '【机密★10年】方案'])],
  ['secret-document', 'a marking as a value', meta(['texts', ['方案', '机密']])],
  ['secret-document', 'a marking in the subject', entry('机密★10年-3')],
  ['secret-document', 'a marking in the origin', entry('new', { origin: { ...origin, tool: '【秘密】' } })],
  ['bad-field', 'an empty 密级', meta(['secrecy', ''])],
  ['secret-document', 'whatever the action knows', next({ meta: new Map([['secrecy', '机密★1年']]) })],
  ['missing-field', 'of a sealed profile', sealed()],
  ['unknown-field', 'of a sealed profile', sealed(['effective', hash], ['colour', hash])],
  ['bad-field', 'in the open in a sealed profile', sealed(['effective', '2021-01-01'])],
  ['bad-field', 'a short commitment', sealed(['effective', hash.subarray(1)])],
  [
    'not-sealed',
    'a subject in the open',
    { ...sealed(['effective', hash]), subject: { issuer: A, id: 'new' } },
  ],
  ['not-sealed', 'an origin in the open', { ...sealed(['effective', hash]), origin }],
  ['not-sealed', 'a link in the open', follow({ subject: { issuer: A, id: 'known' } })],
  [
    'not-sealed',
    'a link to a subject of another issuer',
    follow({ subject: { issuer: B, id: 'b0'.repeat(32) } }),
  ],
  ['not-sealed', 'a link that tells its record', follow({ index: 1 })],
  ['link-not-allowed', 'no such relation of a sealed profile', follow({ rel: 'likes' })],
  ['missing-link', 'of a sealed profile', { ...follow({}), links: [] }],
  ['personal-data', 'a mobile number', policy(['text', '联系人 13812345678'])],
  ['personal-data', 'an identity number in a list', policy(['texts', ['甲', '乙11010519491231002X']])],
  ['personal-data', 'after a letter', policy(['text', '联系Phone13800138000'])],
  ['personal-data', 'in an address', policy(['text', 'https://example.org/?id=110105%2019491231%20002X'])],
  ['personal-data', 'in the subject', { ...policy(), subject: { issuer: A, id: '张三-138 1234 5678' } }],
  ['personal-data', 'in the origin', { ...policy(), origin: { ...origin, operator: '+86 13812345678' } }],
  ['link-not-allowed', 'no such relation', cites('known', 0, 'likes')],
  ['link-state', 'a subject in another state', wants(['gone', 2])],
  ['unknown-issuer', 'nobody', together([STRANGER])],
  ['unknown-issuer', 'one without this profile', together([B, C])],
  ['bad-field', 'an issuer that signs this very record', together([B, A])],
  ['unknown-link', 'no such subject', cites('nobody', 0)],
  ['stale-link', 'not its last record', cites('gone', 1)],
  ['stale-link', 'a record of another', cites('known', 1)],
  ['link-owner', 'two subjects of two owners', wants(['known', 0], ['owned', 3])],
  ['missing-link', 'a required one', entry('new', { profile: 'strict', action: 'follow' })],
];

/** Expects that the ledger refuses the submission and is otherwise as before. */
function expectRefused(given: ReturnType<typeof submission>, code: string, at: number | null): void {
  const before = new Map([...ledger.values].map(([key, [, value]]) => [key, toHex(value)]));
  const early = wouldRefuse(given, TIME + 1000, ledger, ledger);
  const result = ledger.run([given], 1000);
  expect(result.outcomes).toEqual([
    { id: given.id, height: ledger.height, first: null, count: 0, refusal: expect.anything() },
  ]);
  const { refusal } = result.outcomes[0]!;
  expect([refusal?.code, refusal?.entry]).toEqual([code, at]);
  expect(early).toEqual(refusal);
  expect([result.leaves, result.rows, result.dropped]).toEqual([[], [], []]);
  expect(result.changes.map(([name]) => toHex(name))).toEqual([toHex(stateName('submission', given.id))]);
  for (const [key, value] of before) expect(toHex(ledger.values.get(key)![1])).toBe(value);
}

describe('an entry is refused', () => {
  it.each(OF_THE_ENTRY)('as %s: %s', (code, _, given, over) =>
    expectRefused(submission(chain, [given], over), code, 0),
  );

  it.each(OF_THE_ENTRY)('as %s: %s, with the good entries before and after it', (code, _, given, over) => {
    const good = (id: string) =>
      entry(id, { subject: { issuer: over?.publisher ?? A, id }, meta: new Map([['text', 'good']]) });
    expectRefused(submission(chain, [good('a'), good('b'), given, good('c')], over), code, 2);
  });
});

describe('a submission is refused', () => {
  it.each([
    ['wrong-chain', { genesis: new Uint8Array(32) }],
    ['unknown-publisher', { publisher: STRANGER }],
    ['wrong-key', { key: keyOf(B) }],
  ] as const)('as %s', (code, over) => expectRefused(submission(chain, [entry('new')], over), code, null));

  it('as publisher-suspended', () => {
    const name = stateName('publisher', A);
    const value = {
      name: '演示',
      home: '110000',
      keys: [keyOf(A)],
      roles: [],
      quota: 0,
      day: 0,
      used: 4,
      seq: 4,
      head: 3,
      changed: null,
    };
    ledger.values.set(toHex(name), [name, encode(publisherValueCodec, { ...value, status: 'suspended' })]);
    expectRefused(submission(chain, [entry('new')]), 'publisher-suspended', null);
  });
});

describe('what is near to a refusal is recorded', () => {
  it.each<[string, Entry, Parameters<typeof submission>[2]?]>([
    ['the second key', entry('new'), { key: keyOf(A, 1) }],
    ['a profile the publisher has', entry('new', { subject: { issuer: C, id: 'new' } }), { publisher: C }],
    ['the owner', entry('owned', { action: 'hand-over', prev: 3 }), { publisher: B }],
    ['anybody after the first record', next({ action: 'comment' }), { publisher: B }],
    ['a link to the last record', cites('gone', 2)],
    ['no secrecy', meta(['secrecy', 'none'])],
    ['公开', meta(['secrecy', '公开'])],
    ['无', meta(['secrecy', '无'])],
    ['a law on secrets', meta(['text', '保守国家秘密法'], ['texts', ['商业秘密保护条例']])],
    ['an optional field expressly without a value', meta(['secrecy', null], ['text', null])],
    ['a validity of one day', meta(['effective', '2021-02-01'], ['expires', '2021-02-01'])],
    ['commitments', sealed(['effective', hash], ['text', hash], ['origin', hash])],
    ['a sealed link', follow({})],
    ['a link to a subject in the right state', wants(['known', 0])],
    ['two links that give one owner', wants(['known', 0], ['known', 0])],
    ['a subject by the name that its fields give', numbered('1', 'A7-0000000001')],
    ['no number of a person', policy(['text', '电话 010-12345678，文号 11010519491231002Z'])],
    ['a text of just the bound', meta(['short', '文a'])],
  ])('%s', (_, given, over) => {
    const sent = submission(chain, [given], over);
    expect(wouldRefuse(sent, TIME + 1000, ledger, ledger)).toBeNull();
    expect(ledger.run([sent]).outcomes).toEqual([
      { id: sent.id, height: 4, first: 4, count: 1, refusal: null },
    ]);
  });
});
