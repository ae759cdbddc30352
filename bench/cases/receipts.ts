import { type Verifier, verifyReceipt } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { makeReceipt, testChain, testEntry } from '../../tests/fixtures/builder.ts';
import { bareHashes, hashCalls, nodeVerifies, type Signed } from '../bare.ts';
import { compare, type Effort, type Row } from '../measure.ts';

const RECEIPTS = 200;

/** Many receipts of one checkpoint, each verified with its file's digest. */
export async function receipts(effort: Effort): Promise<readonly Row[]> {
  const chain = testChain();
  const documents = Array.from({ length: RECEIPTS }, (_, i) => new TextEncoder().encode(`document ${i}`));
  const entries = documents.map((document, i) => testEntry(`${i}`, document));
  const made = documents.map((document, at) => ({
    bytes: makeReceipt(chain, { entries, at, before: 1_000 }),
    digests: [{ alg: 'sha256' as const, hash: nativeSuite.hasher.digest(document) }],
  }));
  const run = (suite: typeof nativeSuite) => () => {
    for (const { bytes, digests } of made) {
      const verified = verifyReceipt(bytes, { chain, suite, digests });
      if (!verified.ok) throw new Error(verified.fault.detail);
    }
  };
  const signed: Signed[] = [];
  const watching: Verifier = {
    isKey: nativeSuite.verifier.isKey,
    verify: (key, message, signature) => {
      signed.push([key.slice(), message.slice(), signature.slice()]);
      return nativeSuite.verifier.verify(key, message, signature);
    },
  };
  const lengths = hashCalls(hasher => run({ ...nativeSuite, hasher, verifier: watching })());
  const distinct = [...new Map(signed.map(one => [Buffer.from(one[2]).toString('hex'), one])).values()];
  const [every, once, hashes] = [nodeVerifies(signed), nodeVerifies(distinct), bareHashes(lengths)];
  return [
    await compare(
      {
        case: 'receipt',
        what: `verifyReceipt, ${RECEIPTS} of one checkpoint`,
        unit: 'receipts/s',
        note: `${signed.length / RECEIPTS} signatures and ${Math.round(lengths.length / RECEIPTS)} hashes a receipt; ${distinct.length} distinct signatures in all ${RECEIPTS}`,
      },
      RECEIPTS,
      {
        name: 'ours',
        how: 'verifyReceipt(bytes, { chain, suite: nativeSuite, digests })',
        run: run(nativeSuite),
      },
      [
        {
          name: 'its signatures and hashes',
          how: 'crypto.verify with cached keys for every signature of every receipt, crypto.hash for every hash',
          run: () => {
            every();
            hashes();
          },
        },
        {
          name: 'distinct signatures, hashes',
          how: 'the same, but each distinct signature checked once: what remembering the checkpoint could reach',
          run: () => {
            once();
            hashes();
          },
        },
      ],
      effort,
    ),
  ];
}
