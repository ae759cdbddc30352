import { decodeSubmission, MAX_BODIES_BYTES, toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { expect, it } from 'vitest';
import { testKey, unwrap } from '../../../../tests/fixtures/builder.ts';
import {
  CHAIN,
  CODECS,
  CODES,
  JoinedValidators,
  submissionFor,
} from '../../../../tests/fixtures/joined-validators.ts';
import { blockHasher } from '../engine/wire/codecs.ts';
import { signedBytesOf } from '../engine/wire/signed-bytes.ts';
import { type Batch, MAX_BATCH_BYTES, makeBatch } from '../mempool/batch.ts';
import { mempoolLimits } from '../mempool/limits.ts';
import { createVerificationPool } from '../verification/pool.ts';

const { hasher } = nativeSuite;
const pool = createVerificationPool({ workers: 1 });
const SOON = { timeout: 30_000, interval: 20 };

function largeBatch(): Batch {
  const wires = [1, 2, 3, 4].map(() => submissionFor(86_000_000, 220_000));
  return makeBatch(
    wires,
    wires.map(wire => unwrap(decodeSubmission(wire, hasher))),
    hasher,
  );
}

it('the bodies of a block that names more than it may have are not kept, and the next leader goes on with what came', async () => {
  // Nothing is kept that no block names, but for one batch of a member.
  const limits = { ...mempoolLimits({ pending: 64, publisher: 64, rate: 5000, bytes: 65536 }), all: 1 };
  const network = new JoinedValidators(pool, limits);
  const liar = CODES[0]!;
  const batches = new Map(Array.from({ length: 20 }, () => largeBatch()).map(batch => [batch.digest, batch]));
  let served = 0;
  const asking = new Set<string>();
  network.impersonate(liar, (from, frame) => {
    if (frame.type !== 'batch-request') return;
    asking.add(from);
    for (const digest of frame.digests) {
      const batch = batches.get(toHex(digest));
      if (batch === undefined) continue;
      served += batch.size;
      void network.deliver(liar, from, { type: 'batch', bytes: batch.bytes });
    }
  });
  const running = await network.start(CODES.slice(1));
  const draft = {
    height: 1,
    parent: toHex(CHAIN.hash),
    proposer: liar,
    epoch: 0,
    timestamp: Date.now(),
    batches: [...batches.keys()],
    barrier: false,
  };
  const block = { ...draft, hash: blockHasher(CHAIN.hash, hasher)(draft) };
  const signature = testKey(`validator ${liar}`).sign(
    signedBytesOf(CHAIN.hash, hasher, CODECS).of({ type: 'proposal', view: 0, block }),
  );
  const proposal = { view: 0, block, signer: 0, signature };
  for (const { code } of running)
    void network.deliver(liar, code, { type: 'message', message: { type: 'proposal', proposal } });
  await expect.poll(() => asking.size, SOON).toBe(3);
  // Unasked too, each as soon as the one before is dealt with.
  for (const { code } of running)
    for (const { bytes } of batches.values()) await network.deliver(liar, code, { type: 'batch', bytes });
  let most = 0;
  const stored = (): number =>
    Math.max(
      ...running.map(({ store }) => store.pendingBatches().reduce((sum, { length }) => sum + length, 0)),
    );
  await expect
    .poll(() => {
      most = Math.max(most, stored());
      return Math.min(...running.map(({ node }) => node.service.standing().height));
    }, SOON)
    .toBeGreaterThan(0);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(MAX_BODIES_BYTES + MAX_BATCH_BYTES);
  expect(served).toBeLessThan(3 * (MAX_BODIES_BYTES + MAX_BATCH_BYTES));
  for (const one of running) await one.stop();
  expect(network.fatal).toEqual([]);
});
