import { readFileSync } from 'node:fs';
import { type Asked, askedIn, toHex, verifyStatusProof } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { note } from '../../packages/node/src/http/testing/served.ts';
import { PUBLISHER, TIME, unwrap } from '../fixtures/builder.ts';
import { withForgedCosignature } from '../fixtures/forged.ts';
import { digestOf, linkTo, type Shelf, shelfOf } from './records.ts';
import { drop, verdictOn } from './steps.ts';
import { callInPage, startVisit, type Visit } from './visit.ts';

/** A minute after the last block is signed. */
const NOW = TIME + 66_000;
const subject = (id: string): Asked<'subject'> => ({
  kind: 'subject',
  profile: 'note',
  subject: { issuer: PUBLISHER, id },
});

let visit: Visit;
let shelf: Shelf;
let early: string;
const receipts: string[] = [];
const proofs: Record<'own' | 'other' | 'absent' | 'twice' | 'publisher', string> = {
  own: '',
  other: '',
  absent: '',
  twice: '',
  publisher: '',
};

// Records 0 and 3 are of one subject, that is open and then closed; 1 and 2 of two, with one file.
beforeAll(async () => {
  visit = await startVisit({ 'judging.js': JUDGING });
  shelf = shelfOf(visit);
  const seal = (id: string, text: string, over = {}) =>
    visit.node.seal(visit.node.submission([note(id, { digest: digestOf(text), ...over })]));
  await seal('own', 'first text');
  early = await shelf.status('early', subject('own'));
  await seal('other', 'shared text');
  await seal('third', 'shared text');
  await seal('own', 'last text', { action: 'close', prev: 0 });
  for (const index of [0, 1, 2, 3]) receipts.push(await shelf.receipt(`record-${index}`, index));
  proofs.own = await shelf.status('own', subject('own'));
  proofs.other = await shelf.status('other', subject('other'));
  proofs.absent = await shelf.status('absent', subject('absent'));
  proofs.twice = await shelf.status('twice', { kind: 'digest', ...digestOf('shared text') });
  proofs.publisher = await shelf.status('publisher', { kind: 'publisher', id: PUBLISHER });
});
afterAll(async () => {
  shelf.remove();
  await visit.close();
});

const open = (locale = 'en-GB', now = NOW) => visit.open({ locale }, { now });

describe('a proof of standing alone', () => {
  it('says what is so, by whom, as of when and how old that is', async () => {
    const { page, problems } = await open();
    const { heading, sentence, rows } = await drop(page, proofs.other);
    expect([heading, sentence]).toEqual(['In force', 'Proven from the state that the provinces signed.']);
    expect(await page.locator('.standing h3').textContent()).toBe(`note/${PUBLISHER}/other`);
    expect(rows).toMatchObject({
      standing: 'In force (test)',
      owner: `演示发布机构 (${PUBLISHER})`,
      'last record': `test · test, by 演示发布机构 (${PUBLISHER}), 2020-09-13 20:26:41.001 +08:00 (index 1)`,
      'as of': '2020-09-13 20:26:45 +08:00, 61 seconds before this check',
      checkpoint: 'block height 4, 4 records in the log',
      'cosigned by': 'Beijing 110000, Tianjin 120000, Hebei 130000 (3 of 4 provinces)',
    });
    expect(problems).toEqual([]);
  });

  it('says in Chinese that something has ended, was never recorded, or that a publisher is in order', async () => {
    const { page } = await open('zh-CN');
    const tone = () => page.locator('#verdict').getAttribute('class');
    expect((await drop(page, proofs.own)).heading).toBe('已终止');
    expect(await tone()).toBe('verdict warn');
    expect(await drop(page, proofs.absent)).toMatchObject({
      heading: '从未上链',
      sentence: '已证明：截至该时间没有这样的记录。',
    });
    expect(await tone()).toBe('verdict warn');
    expect(await drop(page, proofs.publisher)).toMatchObject({
      heading: '正常',
      rows: { 名称: '演示发布机构', 存证记录: '4 条' },
    });
    expect(await tone()).toBe('verdict good');
  });

  it('is refused when it is older than the person allows, taken when they allow it, and never from the future', async () => {
    const { page } = await open('en-GB', NOW + 1_800_000);
    expect(await drop(page, proofs.other)).toMatchObject({
      heading: 'Not verified',
      rows: { code: 'status-stale' },
    });
    await page.getByLabel('A proof of standing may be').selectOption({ label: 'up to 1 hour old' });
    await page.locator('#verdict.good').waitFor();
    expect((await verdictOn(page)).rows['as of']).toContain('31 minutes before this check');
    // Of a time that this clock has not reached it is refused at any age.
    await page.clock.setFixedTime(TIME - 3_600_000);
    await page.getByLabel('A proof of standing may be').selectOption({ label: 'of any age' });
    await page.locator('#verdict.bad').waitFor();
    expect((await verdictOn(page)).rows).toMatchObject({ code: 'status-ahead' });
  });
});

describe('a proof of standing with a receipt and its document', () => {
  it('adds a link to the evidence, and says that a later text took the place of this one', async () => {
    const { page } = await open();
    const first = await drop(page, shelf.put('own.txt', 'first text'), receipts[0]!, proofs.own);
    expect(first).toMatchObject({
      heading: 'Verified: Ended',
      sentence: 'own.txt is the document that was recorded.',
      links: ['good', 'good', 'good', 'good', 'good'],
      rows: { standing: 'Ended (test)', publisher: `演示发布机构 (${PUBLISHER})` },
    });
    expect(await page.getByText('The present text of this subject is another file.').isVisible()).toBe(true);
    const last = await drop(page, shelf.put('own.txt', 'last text'), receipts[3]!, proofs.own);
    expect(last.heading).toBe('Verified: Ended');
    expect(await page.getByText('The present text of this subject').count()).toBe(0);
  });

  it('of another subject, of before the record, or with a byte changed is refused with its code', async () => {
    const { page } = await open();
    const document = shelf.put('own.txt', 'last text');
    const byte = withForgedCosignature(readFileSync(proofs.own));
    const cases = [
      [proofs.other, 'status-other-name'],
      [early, 'status-older'],
      [shelf.put('flipped.status-proof', byte), 'bad-cosignature'],
    ] as const;
    for (const [proof, code] of cases) {
      expect(await drop(page, document, receipts[3]!, proof)).toMatchObject({
        heading: 'Not verified',
        links: ['good', 'good', 'good', 'good', 'bad'],
        rows: { code },
      });
    }
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByText('The verdict appears here.').waitFor();
    expect((await drop(page, document, receipts[3]!)).heading).toBe('Verified');
  });
});

describe('a file that only accompanied an action', () => {
  it('is told as that, with the action, in both languages and on a node’s address', async () => {
    const deed = { action: 'annex', digest: digestOf('annex text'), prev: 1 };
    await visit.node.seal(visit.node.submission([note('other', deed)]));
    const receipt = await shelf.receipt('annex', 4);
    const proof = await shelf.status('annexed', subject('other'));
    for (const [locale, heading, words] of [
      ['en-GB', 'Enclosure', 'this file accompanied the action “test · test”; it was never the text itself'],
      ['zh-CN', '办理附件', '本文件系“测试 · 测试”的附件，从未作为标的文本'],
    ] as const) {
      const { page } = await open(locale);
      const shown = await drop(page, shelf.put('annex.txt', 'annex text'), receipt, proof);
      expect(shown.heading).toContain(heading);
      expect(await page.locator('#verdict').getAttribute('class')).toBe('verdict warn');
      expect(await page.getByText(words).isVisible()).toBe(true);
      await page.goto(visit.url + linkTo('annex text'));
      await page.reload();
      await page.locator('#verdict.warn').waitFor();
      expect((await verdictOn(page)).heading).toContain(heading);
      expect(await page.getByText(words).isVisible()).toBe(true);
    }
    const { page } = await open();
    const text = await drop(page, shelf.put('other.txt', 'shared text'), receipts[1]!, proof);
    expect(text.heading).toBe('Verified: In force');
  });
});

describe('several receipts with the proof that counts their records', () => {
  it('are all there are, of a digest and of a subject', async () => {
    const { page } = await open();
    const shared = shelf.put('shared.txt', 'shared text');
    expect(await drop(page, receipts[1]!, receipts[2]!, proofs.twice, shared)).toMatchObject({
      heading: 'Recorded 2 times',
      sentence: 'shared.txt is the document that it is about.',
      rows: { records: 'from index 1 to 2' },
    });
    expect(await page.getByText('Proven: these 2 are all the records.').isVisible()).toBe(true);
    expect((await drop(page, receipts[0]!, receipts[3]!, proofs.own)).rows['code']).toBe('file-mismatch');
    await page.getByRole('button', { name: 'Start over' }).click();
    expect((await drop(page, receipts[0]!, receipts[3]!, proofs.own)).heading).toBe('Ended');
  });

  it('are refused when one is left out, or is of something else', async () => {
    const { page } = await open();
    const publisher = proofs.publisher;
    const missing = await drop(page, receipts[0]!, receipts[1]!, receipts[3]!, publisher);
    expect(missing).toMatchObject({ heading: 'Not verified', rows: { code: 'history-gap' } });
    expect((await drop(page, ...receipts, publisher)).heading).toBe('Active');
    const stray = await drop(page, receipts[0]!, receipts[2]!, receipts[3]!, proofs.own);
    expect(stray.rows['code']).toBe('history-stray');
    expect(stray.links).toEqual(['good', 'good', 'good', 'bad']);
  });

  it('wait for that proof, and one of them by itself says how many there are', async () => {
    const { page } = await open();
    await drop(page, receipts[1]!);
    await page.setInputFiles('#receipt', [receipts[1]!, receipts[2]!]);
    await page.getByText('Now the proof of standing').waitFor();
    expect((await drop(page, receipts[1]!, proofs.twice)).heading).toBe('Receipt verified: Recorded 2 times');
    expect(await page.getByText('1 of 2 records is here').isVisible()).toBe(true);
  });
});

/** The page's own judge, asked about many status proofs. */
const JUDGING = `
import { Register } from './@qifeng/client/dist/index.js';
import { fromHex, portableSuite, readGenesis } from './@qifeng/core/dist/index.js';
import { judge, trustIn } from './@qifeng/web/dist/check/judge.js';
const bytes = hex => fromHex(hex).value;
export async function codes({ genesis, proofs, now }) {
  const chain = readGenesis(bytes(genesis), portableSuite).value;
  const trust = trustIn(new Register(chain, portableSuite, null), { now, maxAgeMs: 600000 });
  const given = proofs.map(hex => ({ digestOf: null, receipts: [], status: bytes(hex) }));
  const outcomes = await Promise.all(given.map(each => judge(each, trust)));
  return outcomes.map(outcome => outcome.fault?.code ?? outcome.kind);
}`;

describe('one bit changed anywhere in a proof of standing', () => {
  it('is refused in the page with the code that Node gives', async () => {
    const { page } = await open();
    const { chain } = visit.node.service;
    const whole = new Uint8Array(readFileSync(proofs.own));
    const changed = Array.from({ length: 60 }, (_, i) => {
      const copy = whole.slice();
      copy[Math.floor((i * whole.length) / 60)]! ^= 1 << (i % 8);
      return copy;
    });
    const all = [whole, ...changed];
    const genesis = new Uint8Array(await (await fetch(`${visit.url}/genesis.cbor`)).arrayBuffer());
    const question = { genesis: toHex(genesis), proofs: all.map(toHex), now: NOW };
    const said = await callInPage(page, `${visit.assets}judging.js`, 'codes', question);
    const fresh = { now: NOW, maxAgeMs: 600_000 };
    const inNode = all.map(proof => {
      const asked = askedIn(proof);
      const status = asked.ok
        ? verifyStatusProof(proof, asked.value, { chain, suite: nativeSuite, fresh })
        : asked;
      return status.ok ? 'state' : status.fault.code;
    });
    expect(said).toEqual(inNode);
    expect(inNode.filter(code => code === 'state')).toEqual(['state']);
    expect(new Set(inNode).size).toBeGreaterThan(5);
    expect(unwrap(askedIn(whole))).toMatchObject(subject('own'));
  });
});
