import { randomBytes } from 'node:crypto';
import { decodeSubmission, type Hasher, signSubmission, verifySubmission } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { PUBLISHER, TIME, testChain, testEntry, testKey, unwrap } from '../../tests/fixtures/builder.ts';
import { bareHashes, hashCalls, nodeVerifies, type Signed } from '../bare.ts';
import { compare, type Effort, type Row } from '../measure.ts';

const { hasher, verifier } = nativeSuite;

/** Decoding and verifying submissions of 1, 100 and 1,024 entries. */
export async function submissions(effort: Effort): Promise<readonly Row[]> {
  const chain = testChain();
  const signer = testKey('publisher');
  const rows: Row[] = [];
  for (const count of [1, 100, 1024]) {
    const wires = Array.from({ length: Math.max(8, Math.ceil(1_000 / count)) }, () =>
      signSubmission(
        {
          genesis: chain.hash,
          publisher: PUBLISHER,
          nonce: new Uint8Array(randomBytes(16)),
          issuedAt: TIME,
          expires: TIME + 60_000,
          entries: Array.from({ length: count }, (_, i) => testEntry(`${i}`, randomBytes(32))),
        },
        signer,
        hasher,
      ),
    );
    const signed: Signed[] = [];
    const watching: typeof verifier = {
      isKey: verifier.isKey,
      verify: (...job) => {
        signed.push(job);
        return verifier.verify(...job);
      },
    };
    const run = (by: Hasher, checks = verifier) => {
      for (const wire of wires) unwrap(verifySubmission(unwrap(decodeSubmission(wire, by)), checks));
    };
    const lengths = hashCalls(by => run(by, watching));
    const [verify, hashes] = [nodeVerifies(signed), bareHashes(lengths)];
    rows.push(
      await compare(
        {
          case: 'submission',
          what: `decode and verify, ${count === 1 ? '1 entry' : `${count.toLocaleString('en-US')} entries`}`,
          unit: 'entries/s',
        },
        wires.length * count,
        { name: 'ours', how: 'decodeSubmission, verifySubmission', run: () => run(hasher) },
        [
          {
            name: 'its signature and hashes',
            how: 'crypto.verify with a cached key for each submission, crypto.hash for every hash',
            run: () => {
              verify();
              hashes();
            },
          },
        ],
        effort,
      ),
    );
  }
  return rows;
}
