import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { note } from '../../packages/node/src/http/testing/served.ts';
import { chooseAll, DOCUMENT, GENESIS_HASH, RECEIPT, trustFixture, verdictOn } from './steps.ts';
import { startVisit, type Visit } from './visit.ts';

let visit: Visit;
let folder: string;
let own: { readonly document: string; readonly receipt: string };

// A record of the node that serves the page, so that its own genesis is the right one.
beforeAll(async () => {
  visit = await startVisit();
  folder = await mkdtemp(join(tmpdir(), 'qifeng-trust-'));
  own = { document: join(folder, 'own.txt'), receipt: join(folder, 'own.txt.tlog-proof') };
  const bytes = new TextEncoder().encode('a document of this node');
  const entry = note('own', { digest: { alg: 'sha256', hash: nativeHasher.digest(bytes) } });
  await visit.node.seal(visit.node.submission([entry]));
  writeFileSync(own.document, bytes);
  writeFileSync(
    own.receipt,
    new Uint8Array(await (await fetch(`${visit.url}/v1/records/0/receipt`)).arrayBuffer()),
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await visit.close();
});

it('says that the genesis is from this node until it is pinned, and then trusts it after a reload', async () => {
  const { page, problems } = await visit.open();
  const trust = page.locator('#trust');
  const nodes = toHex(visit.node.service.chain.hash);
  expect((await trust.locator('.hash').textContent())!.replaceAll(' ', '')).toBe(nodes);
  expect(await trust.textContent()).toContain('Genesis from this node, not pinned');
  await chooseAll(page, own.document, own.receipt);
  expect((await verdictOn(page)).heading).toBe('Verified');
  const caveat = page.getByText('You have not pinned the genesis');
  expect(await caveat.isVisible()).toBe(true);

  await page.getByRole('button', { name: 'Pin this genesis' }).click();
  await trust.getByText('Genesis pinned in this browser on').waitFor();
  await verdictOn(page);
  expect(await caveat.isVisible()).toBe(false);

  await page.reload();
  await trust.getByText('Genesis pinned in this browser on').waitFor();
  expect(problems).toEqual([]);
});

it('refuses loudly what contradicts the pin, and verifies nothing against it', async () => {
  const { page } = await visit.open();
  await trustFixture(page);
  await page.getByRole('button', { name: 'Pin this genesis' }).click();
  await page.reload();
  const alarm = page.getByRole('alert');
  expect(await alarm.textContent()).toContain('Refused: this node gives another genesis');
  expect(await page.locator('#trust .hash').first().textContent()).toContain(GENESIS_HASH);
  await chooseAll(page, own.document, own.receipt);
  await page.getByText('A verdict needs a genesis').waitFor();

  await trustFixture(page);
  await chooseAll(page, DOCUMENT, RECEIPT);
  expect((await verdictOn(page)).heading).toBe('Verified');
  expect(await alarm.count()).toBe(0);

  await page.getByRole('button', { name: 'Forget the pin' }).click();
  await page.getByText('Genesis from your file, not pinned').waitFor();
});

it('says what is wrong with a file that is no genesis', async () => {
  const { page } = await visit.open();
  await page.setInputFiles('#genesis', DOCUMENT);
  const alarm = page.getByRole('alert');
  await alarm.waitFor();
  expect(await alarm.textContent()).toMatch(/not a genesis that this page can use.*cbor-/);
  await page.getByRole('button', { name: 'Back to the genesis of this node' }).click();
  await page.getByText('Genesis from this node, not pinned').waitFor();
});
