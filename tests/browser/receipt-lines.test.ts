import { readFileSync } from 'node:fs';
import { readGenesis, toHex, verifyReceipt } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureGenesis, unwrap } from '../fixtures/make-fixture.ts';
import { callInPage, fixturePath, startVisit, type Visit } from './visit.ts';

const RECEIPT = new Uint8Array(readFileSync(fixturePath('notice.md.tlog-proof')));
const DOCUMENT = new Uint8Array(readFileSync(fixturePath('notice.md')));
const GENESIS = new Uint8Array(readFileSync(fixturePath('genesis.cbor')));
const chain = unwrap(readGenesis(GENESIS, nativeSuite));
const digests = [{ alg: 'sha256' as const, hash: nativeSuite.hasher.digest(DOCUMENT) }];

/** The page's own judge, asked about many receipts. */
const JUDGING = `
import { Register } from './@qifeng/client/dist/index.js';
import { fromHex, portableSuite, readGenesis } from './@qifeng/core/dist/index.js';
import { hashFile } from './@qifeng/web/dist/check/hash-file.js';
import { judge, trustIn } from './@qifeng/web/dist/check/judge.js';
const bytes = hex => fromHex(hex).value;
export async function codes({ genesis, document, receipts }) {
  const chain = readGenesis(bytes(genesis), portableSuite).value;
  const trust = trustIn(new Register(chain, portableSuite, null), { now: 0, maxAgeMs: 0 });
  const digestOf = () => hashFile(new Blob([bytes(document)]), () => {}, new AbortController().signal);
  const outcomes = await Promise.all(receipts.map(hex => judge({ digestOf, receipts: [bytes(hex)] }, trust)));
  return outcomes.map(outcome => outcome.fault?.code ?? (outcome.compared && 'verified'));
}`;

/** The receipt with one byte in the middle of each line changed, by the number of the line. */
function byLine(): Uint8Array[] {
  const ends = [...RECEIPT.keys()].filter(i => RECEIPT[i] === 0x0a);
  return ends.map((end, line) => {
    const start = line === 0 ? 0 : ends[line - 1]! + 1;
    const copy = RECEIPT.slice();
    copy[(start + end) >> 1]! ^= 1;
    return copy;
  });
}

function inNode(receipt: Uint8Array): string {
  const verdict = verifyReceipt(receipt, { chain, suite: nativeSuite, digests });
  return verdict.ok ? 'verified' : verdict.fault.code;
}

describe('one byte changed in each line of the receipt', () => {
  let visit: Visit;
  let page: Page;
  beforeAll(async () => {
    visit = await startVisit({ 'judging.js': JUDGING });
    ({ page } = await visit.open());
  });
  afterAll(() => visit.close());
  const codes = async (genesis: Uint8Array, receipts: readonly Uint8Array[]) => {
    const question = { genesis: toHex(genesis), document: toHex(DOCUMENT), receipts: receipts.map(toHex) };
    return callInPage(page, `${visit.assets}judging.js`, 'codes', question) as Promise<string[]>;
  };

  it('is refused in the page with the code that Node gives', async () => {
    const receipts = [RECEIPT, ...byLine()];
    const said = await codes(GENESIS, receipts);
    expect(said).toEqual(receipts.map(inNode));
    expect(said).toMatchInlineSnapshot(`
      [
        "verified",
        "proof-header",
        "receipt-extra",
        "proof-index",
        "root-mismatch",
        "root-mismatch",
        "proof-path",
        "wrong-chain",
        "bad-log-line",
        "bad-log-line",
        "bad-log-line",
        "bad-log-line",
        "checkpoint-epoch",
        "note-control-character",
        "bad-log-line",
        "bad-cosignature",
        "bad-cosignature",
        "bad-cosignature",
      ]
    `);
  });

  it('is refused against another chain’s genesis, changed or not', async () => {
    const said = await codes(fixtureGenesis('another'), [RECEIPT]);
    expect(said).toEqual(['wrong-chain']);
  });
});
