import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { fixturePath } from './visit.ts';

/** The committed fixture, as paths for file inputs. */
export const GENESIS = fixturePath('genesis.cbor');
export const DOCUMENT = fixturePath('notice.md');
export const RECEIPT = fixturePath('notice.md.tlog-proof');
/** First digits of the SHA-256 of the fixture's genesis, as the page groups them. */
export const GENESIS_HASH = '6f9bb8ef';

/** Chooses the genesis of the fixture as a file and waits until the page has taken it. */
export async function trustFixture(page: Page): Promise<void> {
  await page.setInputFiles('#genesis', GENESIS);
  await page.locator('#trust', { hasText: GENESIS_HASH }).waitFor();
}

/** Chooses a document and a receipt, each in its slot. */
export async function chooseAll(page: Page, document: string, receipt: string): Promise<void> {
  await page.setInputFiles('#document', document);
  await page.setInputFiles('#receipt', receipt);
}

/** The verdict once there is one: its heading, its sentence, and its rows by their labels. */
export async function verdictOn(page: Page) {
  const place = page.locator('#verdict.good, #verdict.warn, #verdict.bad');
  await place.waitFor();
  const labels = await place.locator('dt').allTextContents();
  const values = await place.locator('dd').allTextContents();
  const links = await place.locator('.evidence li').all();
  return {
    heading: await place.locator('h2').textContent(),
    sentence: await place.locator('.sentence').textContent(),
    links: await Promise.all(links.map(link => link.getAttribute('class'))),
    rows: Object.fromEntries(labels.map((label, i) => [label, values[i]])),
  };
}

/** Drops files anywhere on the page, all at once; the verdict on them. */
export async function drop(page: Page, ...paths: string[]) {
  const files = paths.map(path => [path.split('/').at(-1)!, [...readFileSync(path)]]);
  await page.evaluate(`{
    const transfer = new DataTransfer();
    for (const [name, bytes] of ${JSON.stringify(files)}) transfer.items.add(new File([new Uint8Array(bytes)], name));
    document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }`);
  return verdictOn(page);
}
