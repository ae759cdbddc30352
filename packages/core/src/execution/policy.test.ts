import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Digest, Entry, MetaValue } from '../records/entry.ts';
import type { Profile } from '../records/profile.ts';
import { A, B, entry, PlainLedger, testChain } from './testing/ledger.ts';

// That the file is a profile, `profileFromJson` says in core's test of it.
const file = new URL('../../../../seeds/profiles/policy.json', import.meta.url);
const policy = JSON.parse(readFileSync(file, 'utf8')) as Profile;
const chain = testChain([policy]);
const digest = (n: number): Digest => ({ alg: 'sha256', hash: new Uint8Array(32).fill(n) });
const act = (id: string, action: string, over: Partial<Entry> = {}) =>
  entry(id, { profile: 'policy', action, ...over });
const meta = (pairs: Record<string, MetaValue>) => new Map(Object.entries(pairs));

function codes(entries: readonly Entry[]): (string | null)[] {
  const ledger = new PlainLedger(chain);
  return entries.map(each => ledger.submit([each]).outcomes[0]!.refusal?.code ?? null);
}

it('a policy document lives: published, amended twice, repealed by another', () => {
  const link = { rel: 'replaced-by', subject: { issuer: A, id: 'new' }, index: 3 };
  expect(
    codes([
      act('old', 'publish', { digest: digest(1) }),
      act('old', 'amend', { prev: 0, digest: digest(2) }),
      act('old', 'amend', { prev: 1, digest: digest(3) }),
      act('new', 'publish', { digest: digest(4) }),
      act('old', 'repeal', {
        prev: 2,
        links: [link],
        meta: meta({ expires: '2021-06-30', reason: '已被替代' }),
      }),
      act('new', 'lapse', { prev: 3 }),
      act('old', 'amend', { prev: 4, digest: digest(5) }),
      act('new', 'repeal', { prev: 5 }),
    ]),
  ).toEqual([null, null, null, null, null, null, 'action-not-allowed', 'action-not-allowed']);
});

it.each(['amended-by', 'repealed-by', 'replaced-by'])('%s names a document in force', rel => {
  const action = rel === 'amended-by' ? 'amend' : 'repeal';
  /** What comes of the action whose order has come to stand as these actions say. */
  const ordered = (...orders: Parameters<typeof act>[]) => {
    const link = { rel, subject: { issuer: A, id: 'order' }, index: orders.length };
    return codes([
      act('old', 'publish', { digest: digest(1) }),
      ...orders.map(([id, name, over], i) => act(id, name, { prev: i === 0 ? null : i, ...over })),
      act('old', action, { prev: 0, digest: digest(2), links: [link] }),
    ]);
  };
  const publish = ['order', 'publish', { digest: digest(3) }] as const;
  const jointly = ['order', 'publish', { digest: digest(3), meta: meta({ issuers: [B] }) }] as const;
  const refused = 'link-state';
  expect(ordered([...publish])).toEqual([null, null, null]);
  expect(ordered([...publish], ['order', 'amend', { digest: digest(4) }]).at(-1)).toBeNull();
  for (const end of ['repeal', 'lapse'])
    expect(ordered([...publish], ['order', end]), end).toEqual([null, null, null, refused]);
  expect(ordered([...jointly])).toEqual([null, null, refused]);
  expect(ordered([...jointly], ['order', 'withdraw'])).toEqual([null, null, null, refused]);
});

it('a policy document carries the fields of its header, its metadata and its index', () => {
  const full = meta({
    title: '湖南省区块链产业发展三年行动计划（2020—2022年）',
    number: '湘工信发〔2020〕1号',
    kind: '通知',
    secrecy: '公开',
    made: '2020-04-27',
    published: '2020-05-09',
    effective: '2020-05-09',
    expires: '2022-12-31',
    'issuer-name': '演示机关',
    region: '430000',
    audience: ['各市州工业和信息化局'],
    keywords: ['区块链', '产业'],
    'index-number': '000014349/2020-00046',
    url: 'https://example.org/1',
  });
  const publish = (fields: Map<string, MetaValue>) =>
    codes([act('1', 'publish', { digest: digest(1), meta: fields })])[0];
  expect(publish(full)).toBeNull();
  expect(publish(meta({}))).toBeNull();
  expect(publish(new Map(full).set('number', '湘工信发[2020]1号'))).toBe('bad-field');
  expect(publish(new Map(full).set('kind', '办法'))).toBe('bad-field');
  expect(publish(new Map(full).set('index-number', '无'))).toBe('bad-field');
  expect(publish(new Map(full).set('secrecy', '机密'))).toBe('secret-document');
});

it('publishing and amending need a file, ending does not', () => {
  expect(codes([act('1', 'publish')])).toEqual(['digest-required']);
  expect(codes([act('1', 'publish', { digest: digest(1) }), act('1', 'amend', { prev: 0 })])[1]).toBe(
    'digest-required',
  );
});
