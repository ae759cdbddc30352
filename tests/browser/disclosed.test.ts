import { readFileSync } from 'node:fs';
import {
  encode,
  formatReceipt,
  metaValueCodec,
  type Opening,
  parseReceipt,
  sealEntry,
  toHex,
} from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { note } from '../../packages/node/src/http/testing/served.ts';
import { seed, TIME, unwrap } from '../fixtures/builder.ts';
import { digestOf, type Shelf, shelfOf } from './records.ts';
import { drop } from './steps.ts';
import { startVisit, type Visit } from './visit.ts';

let visit: Visit;
let shelf: Shelf;
let document: string;
let opening: Opening;
/** The receipt with what it opens, as `qifeng present` writes it. */
let present: (name: string, opened: Opening) => string;

beforeAll(async () => {
  visit = await startVisit();
  shelf = shelfOf(visit);
  document = shelf.put('certificate.txt', 'a certificate');
  let salts = 0;
  const plain = note('certificate', {
    profile: 'sealed',
    digest: digestOf('a certificate'),
    meta: new Map([
      ['text', '张三'],
      ['effective', '2020-01-01'],
    ]),
  });
  const sealed = sealEntry(plain, toHex(seed('subject', 32)), nativeHasher, () =>
    seed(`salt ${salts++}`, 32),
  );
  opening = sealed.opening!;
  await visit.node.seal(visit.node.submission([sealed.entry]));
  const { extra, ...rest } = unwrap(
    parseReceipt(new Uint8Array(readFileSync(await shelf.receipt('plain', 0)))),
  );
  present = (name, opened) =>
    shelf.put(`${name}.tlog-proof`, formatReceipt({ ...rest, extra: { ...extra, opening: opened } }));
});
afterAll(async () => {
  shelf.remove();
  await visit.close();
});

const only = (...places: string[]): Opening =>
  new Map([...opening].filter(([place]) => places.includes(place)));

it('shows what a presentation discloses and what it hides, and compares no file by it', async () => {
  const { page, problems } = await visit.open();
  const receipt = present('shown', only('effective'));
  expect(await drop(page, receipt)).toMatchObject({
    heading: 'Receipt verified',
    sentence: 'No document was compared with it. Choose the document to see whether it is the one.',
    links: ['good', 'good', 'good'],
  });
  const places = page.locator('.places li');
  expect(await places.allTextContents()).toEqual([
    '✓test2020-01-01',
    '–testhidden',
    '–digest of the filehidden',
  ]);
  expect(await page.getByText('valid from 2020-01-01 to …: In force').isVisible()).toBe(true);
  expect(await page.locator('#verdict').textContent()).not.toContain('张三');
  expect(await drop(page, document)).toMatchObject({
    heading: 'Not verified',
    links: ['unknown', 'good', 'good', 'good'],
    rows: { code: 'opening-missing' },
  });
  expect(problems).toEqual([]);
});

it('compares the file where its digest is disclosed, and says so in Chinese', async () => {
  const { page } = await visit.open({ locale: 'zh-CN' });
  const receipt = present('whole', opening);
  expect((await drop(page, receipt, document)).heading).toBe('已验证');
  const { hash } = digestOf('a certificate');
  expect(await page.locator('.places li').allTextContents()).toEqual([
    '✓测试张三',
    '✓测试2020-01-01',
    `✓文件摘要sha256:${toHex(hash)}`,
  ]);
  expect(await page.getByText('有效期 2020-01-01 至 …：有效').isVisible()).toBe(true);
});

it('shows a value that breaks its field’s format as such: the node recorded it unseen', async () => {
  const plain = note('flawed', { profile: 'sealed', meta: new Map([['effective', '2020-02-30']]) });
  const sealed = sealEntry(plain, toHex(seed('flawed', 32)), nativeHasher, () => seed('salt', 32));
  await visit.node.seal(visit.node.submission([sealed.entry]));
  const { extra, ...rest } = unwrap(
    parseReceipt(new Uint8Array(readFileSync(await shelf.receipt('unopened', 1)))),
  );
  const bytes = formatReceipt({ ...rest, extra: { ...extra, opening: sealed.opening } });
  const { page } = await visit.open();
  expect((await drop(page, shelf.put('flawed.tlog-proof', bytes))).heading).toBe('Receipt verified');
  const [flawed] = await page.locator('.places li').allTextContents();
  expect(flawed).toBe('✗test2020-02-30 not valid: bad-field');
});

it('refuses a value that is not the one committed to, and an opening of what is not there', async () => {
  const { page } = await visit.open();
  const { salt } = opening.get('text')!;
  const value = encode(metaValueCodec, '李四');
  const other = present('other', new Map([...opening, ['text', { salt, value }]]));
  expect((await drop(page, other)).rows).toMatchObject({ code: 'opening-mismatch' });
  const stray = present('stray', new Map([['unknown', opening.get('text')!]]));
  expect((await drop(page, stray)).rows).toMatchObject({ code: 'unknown-opening' });
});

describe('a certificate in force by the state, whose dates only its receipt knows,', () => {
  const dated = async (name: string, dates: Record<string, string>) => {
    const plain = note(name, { profile: 'sealed', meta: new Map(Object.entries(dates)) });
    const { entry, opening: opened } = sealEntry(plain, toHex(seed(name, 32)), nativeHasher, () =>
      seed('salt', 32),
    );
    const index = visit.node.service.ledger.head()!.size;
    await visit.node.seal(visit.node.submission([entry]));
    const proof = await shelf.status(name, { kind: 'subject', profile: 'sealed', subject: entry.subject });
    const { extra, ...rest } = unwrap(
      parseReceipt(new Uint8Array(readFileSync(await shelf.receipt(`${name}-plain`, index)))),
    );
    const receipt = (...places: string[]) => {
      const only = new Map([...opened!].filter(([place]) => places.includes(place)));
      return shelf.put(`${name}.tlog-proof`, formatReceipt({ ...rest, extra: { ...extra, opening: only } }));
    };
    return { proof, receipt };
  };
  const shown = async (lang: string, ...files: string[]) => {
    const { page } = await visit.open({ locale: lang }, { now: TIME + 60_000 });
    const { heading } = await drop(page, ...files);
    return [heading, await page.locator('#verdict').getAttribute('class')];
  };

  it('is not said to be in force when they are over, with the proof of its standing or without', async () => {
    const { proof, receipt } = await dated('over', { effective: '2019-01-01', expires: '2020-01-01' });
    const all = receipt('effective', 'expires');
    expect(await shown('en-GB', all, proof)).toEqual(['Receipt verified: Lapsed', 'verdict warn']);
    expect(await shown('zh-CN', all, proof)).toEqual([expect.stringContaining('失效'), 'verdict warn']);
    expect(await shown('en-GB', all)).toEqual(['Receipt verified: Lapsed', 'verdict warn']);
  });

  it('nor while one of them is withheld, and it is when they are shown and hold', async () => {
    const { proof, receipt } = await dated('term', { effective: '2020-01-01', expires: '2999-12-31' });
    const withheld = receipt('effective');
    expect(await shown('en-GB', withheld, proof)).toEqual([
      'Receipt verified: Its dates are not shown',
      'verdict warn',
    ]);
    expect(await shown('zh-CN', withheld, proof)).toEqual([
      expect.stringContaining('有效期未全部出示'),
      'verdict warn',
    ]);
    expect(await shown('en-GB', proof)).toEqual(['Its dates are not shown', 'verdict warn']);
    const all = receipt('effective', 'expires');
    expect(await shown('en-GB', all, proof)).toEqual(['Receipt verified: In force', 'verdict good']);
  });
});
