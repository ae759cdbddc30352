import { toHex } from '@qifeng/core';
import { nativeVerifier } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cctvVectors } from '../../packages/core/src/crypto/testing/ed25519-vectors.ts';
import { callInPage, startVisit, type Visit, type Visitor } from './visit.ts';

// On a ledger all parties must agree on which signatures are valid, a person's browser included.

const vectors = cctvVectors();
const questions = vectors.map(({ key, message, signature }) => [key, message, signature].map(toHex));
const inNode = vectors.map(({ key, message, signature }) => [
  nativeVerifier.isKey(key),
  nativeVerifier.verify(key, message, signature),
]);

/** Asks core's verifier for the browser, in the page and at once in a worker. */
const VERDICTS = `
import { ed25519 } from './@noble/curves/ed25519.js';
import { fromHex, portableVerifier } from './@qifeng/core/dist/index.js';
const verdicts = questions => questions.map(question => {
  const [key, message, signature] = question.map(hex => fromHex(hex).value);
  return [portableVerifier.isKey(key), portableVerifier.verify(key, message, signature)];
});
export async function inBoth(questions) {
  const worker = new Worker(import.meta.url, { type: 'module' });
  const inWorker = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = event => reject(new Error(event.message));
  });
  worker.postMessage(questions);
  return { inPage: verdicts(questions), inWorker: await inWorker };
}
export const byNoble = questions => questions.map(question => {
  const [key, message, signature] = question.map(hex => fromHex(hex).value);
  return [portableVerifier.isKey(key), ed25519.verify(signature, message, key)];
});
if (globalThis.document === undefined) self.onmessage = ({ data }) => self.postMessage(verdicts(data));`;

describe('the 914 Ed25519 edge vectors in Chromium', () => {
  let visit: Visit;
  let visitor: Visitor;
  beforeAll(async () => {
    visit = await startVisit({ 'verdicts.js': VERDICTS });
    visitor = await visit.open();
  });
  afterAll(() => visit.close());

  const ask = async (name: string, asked: readonly unknown[]) => {
    const said = await callInPage(visitor.page, `${visit.assets}verdicts.js`, name, asked);
    expect(visitor.problems).toEqual([]);
    return said;
  };
  const differing = (said: boolean[][]) =>
    vectors
      .filter((_, i) => i < said.length && String(said[i]) !== String(inNode[i]))
      .map(({ name }) => name);

  it('have in a page and in a worker the verdicts that Node gives, vector by vector', async () => {
    const said = await ask('inBoth', questions);
    const { inPage, inWorker } = said as { inPage: boolean[][]; inWorker: boolean[][] };
    expect([inPage.length, inWorker.length]).toEqual([914, 914]);
    expect(differing(inPage)).toEqual([]);
    expect(differing(inWorker)).toEqual([]);
    expect(inPage.filter(([, verified]) => verified)).toHaveLength(43);
  });

  it('would have others by the verifier of noble itself, which multiplies by the cofactor', async () => {
    const said = await ask('byNoble', questions.slice(0, 120));
    expect(differing(said as boolean[][]).length).toBeGreaterThan(60);
  });
});
