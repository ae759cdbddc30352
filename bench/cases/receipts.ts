import { receiptVerifier, type Verifier, verifyReceipt } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { makeReceipt, testChain, testEntry } from '../../tests/fixtures/builder.ts';
import { bareHashes, hashCalls, nodeVerifies, type Signed } from '../bare.ts';
import { compare, type Effort, type Row } from '../measure.ts';

const RECEIPTS = 1_000;
/** Of these, how many are verified one by one: each costs the signatures of all again. */
const SINGLY = 100;

/** Many receipts of one checkpoint, each verified with its file's digest. */
export async function receipts(effort: Effort): Promise<readonly Row[]> {
  const chain = testChain();
  const documents = Array.from({ length: RECEIPTS }, (_, i) => new TextEncoder().encode(`document ${i}`));
  const entries = documents.map((document, i) => testEntry(`${i}`, document));
  const made = documents.map((document, at) => ({
    bytes: makeReceipt(chain, { entries, at, before: 1_000 }),
    digests: [{ alg: 'sha256' as const, hash: nativeSuite.hasher.digest(document) }],
  }));
  type Suite = typeof nativeSuite;
  const singly = (suite: Suite) => () => {
    for (const { bytes, digests } of made.slice(0, SINGLY))
      accept(verifyReceipt(bytes, { chain, suite, digests }));
  };
  // A new verifier each time, so that the first receipt of a checkpoint is part of what is measured.
  const together = (suite: Suite) => () => {
    const verify = receiptVerifier({ chain, suite });
    for (const { bytes, digests } of made) accept(verify(bytes, digests));
  };
  const [one, all] = [bareWork(singly), bareWork(together)];
  return [
    await compare(
      {
        case: 'receipt',
        what: `verifyReceipt, ${SINGLY} one by one`,
        unit: 'receipts/s',
        note: `${one.signatures / SINGLY} signatures and ${Math.round(one.hashes / SINGLY)} hashes a receipt`,
      },
      SINGLY,
      { name: 'ours', how: 'verifyReceipt(bytes, { chain, suite, digests })', run: singly(nativeSuite) },
      [{ name: 'its signatures and hashes', how: HOW, run: one.run }],
      effort,
    ),
    await compare(
      {
        case: 'receipt',
        what: `receiptVerifier, ${RECEIPTS.toLocaleString('en-US')} of one checkpoint`,
        unit: 'receipts/s',
        note: `${all.signatures} signatures in all, ${(all.hashes / RECEIPTS).toFixed(1)} hashes a receipt`,
      },
      RECEIPTS,
      { name: 'ours', how: 'receiptVerifier({ chain, suite })(bytes, digests)', run: together(nativeSuite) },
      [
        { name: 'its signatures and hashes', how: HOW, run: all.run },
        {
          name: 'verifyReceipt',
          how: 'the same receipts one by one (a tenth, scaled)',
          share: SINGLY / RECEIPTS,
          run: singly(nativeSuite),
        },
      ],
      effort,
    ),
  ];
}

const HOW =
  'crypto.verify with cached keys for every signature that is looked at, crypto.hash for every hash';

/** The signatures and hashes of a piece of work, and a run of nothing else. */
function bareWork(work: (suite: typeof nativeSuite) => () => void) {
  const signed: Signed[] = [];
  const watching: Verifier = {
    isKey: nativeSuite.verifier.isKey,
    verify: (key, message, signature) => {
      signed.push([key.slice(), message.slice(), signature.slice()]);
      return nativeSuite.verifier.verify(key, message, signature);
    },
  };
  const lengths = hashCalls(hasher => work({ ...nativeSuite, hasher, verifier: watching })());
  const [verify, hash] = [nodeVerifies(signed), bareHashes(lengths)];
  const run = () => {
    verify();
    hash();
  };
  return { signatures: signed.length, hashes: lengths.length, run };
}

function accept(verified: ReturnType<typeof verifyReceipt>): void {
  if (!verified.ok) throw new Error(verified.fault.detail);
}
