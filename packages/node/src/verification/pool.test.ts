import { generateKeyPairSync, sign } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import {
  cctvVectors,
  rfc8032Vectors,
  speccheckVectors,
} from '../../../core/src/crypto/testing/ed25519-vectors.ts';
import type { SignatureJob, VerificationPool } from '../ports/verification.ts';
import { createVerificationPool, type VerificationPoolOptions } from './pool.ts';
import { sodiumVerifier } from './sodium-verifier.ts';

const open: VerificationPool[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(open.splice(0).map(pool => pool.close()));
});

function pool(options: VerificationPoolOptions = {}): VerificationPool {
  const made = createVerificationPool({ workers: 2, ...options });
  open.push(made);
  return made;
}

/** For the tests that leave it as it is: threads take a while to start. */
const shared = createVerificationPool({ workers: 2, sizeOfBatch: { least: 2, most: 32 } });
afterAll(() => shared.close());

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const key = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));

/** A signature that holds, or one that does not. */
function job(good: boolean, bytes = 10): SignatureJob {
  const message = new Uint8Array(bytes).fill(good ? 1 : 2);
  return [key, message, new Uint8Array(sign(null, new Uint8Array(bytes).fill(1), privateKey))];
}

describe('the verification pool', () => {
  it('gives the verdicts of sodiumVerifier on every vector, and on wrong lengths', async () => {
    const none = new Uint8Array(0);
    const vectors = [...rfc8032Vectors(), ...speccheckVectors(), ...cctvVectors()];
    const jobs: SignatureJob[] = vectors.map(vector => [vector.key, vector.message, vector.signature]);
    jobs.push([none, none, none], [key, none, new Uint8Array(65)]);
    const keys = [...vectors.map(vector => vector.key), none, new Uint8Array(33)];
    const [signatures, areKeys] = await Promise.all([shared.verify(jobs), shared.areKeys(keys)]);
    expect(signatures).toEqual(jobs.map(each => sodiumVerifier.verify(...each)));
    expect(areKeys).toEqual(keys.map(sodiumVerifier.isKey));
    expect(new Set(signatures)).toEqual(new Set([true, false]));
  });

  it('keeps thousands of jobs of many calls apart, in order', async () => {
    const [good, bad] = [job(true), job(false)];
    const shapes = Array.from({ length: 300 }, (_, call) =>
      Array.from({ length: call % 23 }, (_, i) => (call * i) % 3 !== 0),
    );
    const answers = await Promise.all(shapes.map(shape => shared.verify(shape.map(is => (is ? good : bad)))));
    expect(answers).toEqual(shapes);
    expect(shapes.flat().length).toBeGreaterThan(3000);
  });

  it('answers a call larger than a batch and messages larger than one', async () => {
    const jobs = [job(true, 1_500_000), ...Array.from({ length: 80 }, () => job(true)), job(false)];
    expect(await shared.verify(jobs)).toEqual([...new Array<boolean>(81).fill(true), false]);
  });

  it('leaves the bytes of its callers alone', async () => {
    const whole = Buffer.alloc(200, 5); // many small views of one buffer, as decoders make them
    const view = whole.subarray(0, 32);
    await shared.verify([[view, whole.subarray(32, 64), whole.subarray(64, 128)]]);
    expect(whole.every(byte => byte === 5)).toBe(true);
  });

  it('answers nothing to nothing', async () => {
    expect(await shared.verify([])).toEqual([]);
    expect(await shared.areKeys([])).toEqual([]);
  });

  it('asks about a key once, sound or not, and copies what it remembers', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const asked = pool({ workers: 1 });
    const [changing, unsound] = [key.slice(), new Uint8Array(32).fill(0xff)];
    const answer = asked.areKeys([changing, unsound, key, unsound, changing]);
    changing[0]! ^= 1; // after the call it is the caller's again
    expect(await answer).toEqual([true, false, true, false, true]);
    expect(posted).toHaveBeenCalledTimes(1);
    expect(await asked.areKeys([unsound, key])).toEqual([false, true]);
    expect(posted).toHaveBeenCalledTimes(1);
    expect(await asked.areKeys([changing, key])).toEqual([sodiumVerifier.isKey(changing), true]);
    expect(posted).toHaveBeenCalledTimes(2);
  });

  it('rejects what a worker had when it died, and puts another in its place', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const asked = pool({ workers: 1 });
    const first = asked.verify([job(true)]);
    const worker = posted.mock.contexts[0] as Worker;
    void worker.terminate();
    await expect(first).rejects.toMatchObject({ code: 'pool-worker-died' });
    expect(await asked.verify([job(true), job(false)])).toEqual([true, false]);
    expect(posted.mock.contexts.at(-1)).not.toBe(worker);
  });

  it('goes on with what waited when a worker dies', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const asked = pool({ workers: 1, sizeOfBatch: { least: 1, most: 1 } });
    const calls = Array.from({ length: 10 }, () => asked.verify([job(true)]));
    void (posted.mock.contexts[0] as Worker).terminate();
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeLessThanOrEqual(2);
    expect(outcomes.at(-1)).toEqual({ status: 'fulfilled', value: [true] });
  });

  it('rejects what is under way and what comes later when it is closed', async () => {
    const asked = pool({ workers: 1 });
    const calls = Array.from({ length: 50 }, () => asked.verify(Array.from({ length: 20 }, () => job(true))));
    const settled = Promise.allSettled(calls);
    await asked.close();
    expect((await settled).some(({ status }) => status === 'rejected')).toBe(true);
    await expect(asked.verify([job(true)])).rejects.toMatchObject({ code: 'pool-closed' });
  });
});
