import { readFileSync } from 'node:fs';
import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { note } from '../../packages/node/src/http/testing/served.ts';
import { TIME } from '../fixtures/builder.ts';
import { withForgedCosignature } from '../fixtures/forged.ts';
import { digestOf, linkTo, type Shelf, shelfOf } from './records.ts';
import { drop, GENESIS, trustFixture, verdictOn } from './steps.ts';
import { startVisit, type Visit } from './visit.ts';

const NOW = TIME + 66_000;
let visit: Visit;
let shelf: Shelf;
beforeAll(async () => {
  visit = await startVisit();
  shelf = shelfOf(visit);
  const seal = (id: string, text: string, over = {}) =>
    visit.node.seal(visit.node.submission([note(id, { digest: digestOf(text), ...over })]));
  await seal('own', 'first text');
  await seal('other', 'shared text');
  await seal('third', 'shared text');
  await seal('own', 'last text', { action: 'close', prev: 0 });
});
afterAll(async () => {
  shelf.remove();
  await visit.close();
});

let page: Page;
afterEach(() => page.context().unrouteAll());
async function arrive(text: string, locale = 'en-GB') {
  const visitor = await visit.open({ locale }, { path: linkTo(text), now: NOW });
  ({ page } = visitor);
  return { visitor, verdict: await verdictOn(page) };
}

/** Asks a node that answers otherwise at some paths, and waits for what the page makes of it. */
async function askLiar(text: string, paths: RegExp, lie: (route: Route) => Promise<void>) {
  await page.context().unrouteAll();
  const again = page.getByRole('button', { name: 'Start over' });
  if (await again.isVisible()) await again.click();
  await page.context().route(paths, lie);
  await page.evaluate(`location.hash = ${JSON.stringify(linkTo(text).slice(1))}`);
  await page.locator('#verdict.warn, #verdict.bad').waitFor();
}

describe('an address with a digest', () => {
  it('shows where the file stands, by proofs of this node that were verified here, with GETs only', async () => {
    const { visitor, verdict } = await arrive('shared text');
    expect(verdict.heading).toBe('In force');
    expect(await page.getByText('This node gave the proofs. They were verified here').isVisible()).toBe(true);
    expect(await page.getByText('Proven: these 2 are all the records.').isVisible()).toBe(true);
    expect(await page.locator('.standing h3').count()).toBe(4);
    expect(await page.getByText('You have not pinned the genesis').isVisible()).toBe(true);
    const asked = visitor.requests.filter(
      request => !new URL(request.url()).pathname.startsWith(visit.assets),
    );
    expect(new Set(asked.map(request => request.method()))).toEqual(new Set(['GET']));
    const paths = asked.map(request => new URL(request.url()).pathname);
    expect(paths.filter(path => path.endsWith('/status-proof'))).toHaveLength(3);
    expect(paths.filter(path => path.endsWith('/receipt'))).toHaveLength(2);
    expect(visitor.problems).toEqual([]);
  });

  it('says in Chinese that a later text took its place, or that no public record is of it', async () => {
    const first = await arrive('first text', 'zh-CN');
    expect(first.verdict.heading).toBe('已终止');
    expect(await page.getByText('该标的的现行文本是另一文件。').isVisible()).toBe(true);
    const none = await arrive('never seen', 'zh-CN');
    expect(none.verdict).toMatchObject({
      heading: '无公开存证记录',
      sentence: '已证明：截至该时间没有这样的记录。',
    });
  });

  it('takes a document and says whether it is the one', async () => {
    await arrive('shared text');
    const right = await drop(page, shelf.put('right.txt', 'shared text'));
    expect([right.heading, right.sentence]).toEqual([
      'In force',
      'right.txt is the document that it is about.',
    ]);
    const wrong = await drop(page, shelf.put('wrong.txt', 'shared texts'));
    expect(wrong).toMatchObject({ heading: 'Not verified', links: ['bad'], rows: { code: 'file-mismatch' } });
  });

  it('asks nothing of a node whose genesis contradicts the pin', async () => {
    const visitor = await visit.open({}, { now: NOW });
    ({ page } = visitor);
    await trustFixture(page);
    await page.getByRole('button', { name: 'Pin this genesis' }).click();
    await page.reload();
    await page.getByRole('alert').waitFor();
    await page.evaluate(`location.hash = ${JSON.stringify(linkTo('shared text').slice(1))}`);
    await page.getByText('A verdict needs a genesis').waitFor();
    expect(visitor.requests.filter(request => request.url().includes('/v1/'))).toEqual([]);
    // By the right genesis, what this node proves is of another chain.
    await page.setInputFiles('#genesis', GENESIS);
    expect(await verdictOn(page)).toMatchObject({
      heading: 'What this node proves does not hold',
      rows: { code: 'wrong-chain' },
    });
  });
});

describe('a node that lies about a digest is found out', () => {
  beforeAll(async () => {
    ({ page } = await visit.open({}, { now: NOW }));
  });

  it('by a proof with one bit changed, and by one of another digest', async () => {
    await askLiar('shared text', /documents\/.*\/status-proof$/, async route => {
      const body = Buffer.from(withForgedCosignature(await (await route.fetch()).body()));
      await route.fulfill({ body });
    });
    expect(await verdictOn(page)).toMatchObject({
      heading: 'What this node proves does not hold',
      rows: { code: 'bad-cosignature' },
    });
    const absent = await shelf.status('absent', { kind: 'digest', ...digestOf('never seen') });
    await askLiar('shared text', /documents\/.*\/status-proof$/, route =>
      route.fulfill({ body: readFileSync(absent) }),
    );
    expect((await verdictOn(page)).rows).toMatchObject({ code: 'status-other-name' });
  });

  it('by a record that it leaves out, and by the receipt of another', async () => {
    await askLiar('shared text', /documents\/sha256:[0-9a-f]{64}\?/, async route => {
      const answer = (await (await route.fetch()).json()) as { records: unknown[] };
      await route.fulfill({ json: { ...answer, records: answer.records.slice(1) } });
    });
    expect((await verdictOn(page)).rows).toMatchObject({ code: 'history-gap' });
    await askLiar('shared text', /records\/1\/receipt$/, async route => {
      await route.fulfill({ response: await route.fetch({ url: `${visit.url}/v1/records/0/receipt` }) });
    });
    expect((await verdictOn(page)).rows).toMatchObject({ code: 'history-other' });
  });

  it('where it proves nothing, its word is told as that and no more', async () => {
    await askLiar('shared text', /status-proof$/, route => route.fulfill({ status: 421, json: {} }));
    expect(await page.locator('#verdict h2').textContent()).toBe('This node says, without a proof');
    expect(await page.locator('#verdict').getByText('Nothing of this was verified.').isVisible()).toBe(true);
    expect(await page.locator('#verdict .seal').count()).toBe(0);
    await askLiar('shared text', /v1\//, route => route.abort());
    expect(await page.locator('#verdict h2').textContent()).toBe('This node did not answer');
  });
});
