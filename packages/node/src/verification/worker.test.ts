import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  cctvVectors,
  rfc8032Vectors,
  speccheckVectors,
} from '../../../core/src/crypto/testing/ed25519-vectors.ts';
import {
  type Check,
  hasLengths,
  packChecks,
  packedLength,
  unpackChecks,
  type VerifyResponse,
} from './protocol.ts';

const worker = new Worker(new URL('./worker.ts', import.meta.url), {
  execArgv: ['--conditions=qifeng-source'], // the sources, as everywhere in the tests: no build is needed
});
afterAll(() => worker.terminate());

const lengthOf = (checks: readonly Check[]) => checks.reduce((sum, check) => sum + packedLength(check), 0);

async function ask(id: number, checks: readonly Check[]): Promise<VerifyResponse> {
  const answer = once(worker, 'message');
  const buffer = packChecks(checks, lengthOf(checks));
  worker.postMessage({ id, checks: buffer }, [buffer]);
  return (await answer)[0] as VerifyResponse;
}

describe('the verification worker', () => {
  it('gives the verdicts of the rule on every vector, in order, keys among signatures', async () => {
    const vectors = [...rfc8032Vectors(), ...speccheckVectors(), ...cctvVectors()];
    const checks = vectors.flatMap((vector): Check[] => [
      [vector.key],
      [vector.key, vector.message, vector.signature],
    ]);
    const verdicts = vectors.flatMap(vector => [Number(vector.isKey), Number(vector.verify)]);
    expect(await ask(7, checks)).toEqual({ id: 7, verdicts: Uint8Array.from(verdicts) });
  });
});

describe('a packed batch', () => {
  const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const check: fc.Arbitrary<Check> = fc.oneof(
    fc.tuple(sized(32)),
    fc.tuple(sized(32), fc.uint8Array({ maxLength: 40 }), sized(64)),
  );

  it('is unpacked the same', () => {
    fc.assert(
      fc.property(fc.array(check), checks => {
        expect(unpackChecks(packChecks(checks, lengthOf(checks)))).toEqual(checks);
      }),
    );
  });

  it('takes the lengths of keys and signatures alone', () => {
    const checkOf = (...lengths: number[]) =>
      lengths.map(length => new Uint8Array(length)) as unknown as Check;
    expect([checkOf(32), checkOf(32, 0, 64)].every(hasLengths)).toBe(true);
    const wrong = [checkOf(31), checkOf(33), checkOf(32, 0, 63), checkOf(31, 0, 64)];
    expect(wrong.some(hasLengths)).toBe(false);
  });
});
