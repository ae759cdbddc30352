import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import {
  cctvVectors,
  rfc8032Vectors,
  speccheckVectors,
} from '../../../core/src/crypto/testing/ed25519-vectors.ts';
import type { VerifyRequest, VerifyResponse } from './protocol.ts';

const worker = new Worker(new URL('./worker.ts', import.meta.url), {
  execArgv: ['--conditions=qifeng-source'], // the sources, as everywhere in the tests: no build is needed
});
afterAll(() => worker.terminate());

async function ask(request: VerifyRequest): Promise<VerifyResponse> {
  const answer = once(worker, 'message');
  worker.postMessage(request);
  return (await answer)[0] as VerifyResponse;
}

describe('the verification worker', () => {
  it('gives the verdicts of the rule on every vector, in order', async () => {
    const vectors = [...rfc8032Vectors(), ...speccheckVectors(), ...cctvVectors()];
    const response = await ask({ id: 7, keys: vectors.map(vector => vector.key), signed: vectors });
    expect(response).toEqual({
      id: 7,
      keys: vectors.map(vector => vector.isKey),
      signed: vectors.map(vector => vector.verify),
    });
  });

  it('survives bytes of wrong lengths', async () => {
    const none = new Uint8Array(0);
    const signed = [{ key: none, message: none, signature: new Uint8Array(65) }];
    expect(await ask({ id: 8, keys: [none, new Uint8Array(33)], signed })).toEqual({
      id: 8,
      keys: [false, false],
      signed: [false],
    });
  });
});
