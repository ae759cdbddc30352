import { nativeSuite } from '@qifeng/core/native';
import { afterAll, expect, it } from 'vitest';
import { testChain, testKey } from '../../../../tests/fixtures/builder.ts';
import { ENGINE_SETTINGS } from '../../../../tests/fixtures/engine-settings.ts';
import { wireCodecs } from '../engine/wire/codecs.ts';
import { frameCodec, frameRule } from '../engine/wire/frames.ts';
import { assembleNode } from '../node.ts';
import type { Transport } from '../ports/transport.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { openFileLog } from '../storage/file-log.ts';
import { openLedgerStore } from '../storage/ledger-store.ts';
import { memoryFiles } from '../storage/testing/memory-files.ts';
import { memoryKeyValue } from '../storage/testing/memory-key-value.ts';
import { createVerificationPool } from '../verification/pool.ts';

/*
 * A frame counts as under way until what is done for it is over, and a member has so many under way at most: checks that
 * nobody waited for would be as many as it likes, before those of others.
 */

/** Too far ahead to be anything but a statement that excludes another. */
const VIEW = 1_000_000;

const chain = testChain();
const codecs = wireCodecs(chain.hash, nativeSuite.hasher);
const frames = frameCodec(codecs);
const peer = chain.validators[1]!.code;
const pool = createVerificationPool({ workers: 1 });
afterAll(() => pool.close());

it('a late vote that differs from another is under way until its signature is checked', async () => {
  let open = (): void => {};
  const gate = new Promise<void>(resolve => {
    open = resolve;
  });
  let asked = 0;
  const slow: VerificationPool = {
    ...pool,
    verify: async jobs => {
      asked += jobs.length;
      await gate;
      return pool.verify(jobs);
    },
  };
  const transport: Transport = {
    ...{ send: () => {}, onFrame: () => {}, ruleOf: () => undefined, onPeer: () => {} },
    ...{ connected: () => [peer], setMembers: () => {}, start: async () => {}, stop: async () => {} },
  };
  const key = testKey('a stranger');
  const node = await assembleNode({
    chain,
    suite: nativeSuite,
    own: { code: chain.validators[0]!.code, validatorKey: key.publicKey, settings: ENGINE_SETTINGS },
    keys: { validator: key, log: testKey('the log of a stranger') },
    store: await openLedgerStore(memoryKeyValue()),
    wal: await openFileLog('log', memoryFiles()),
    guard: { read: () => new Uint8Array(0), write: () => {}, syncs: 0 },
    transport,
    pool: slow,
    log: () => {},
    fatal: error => {
      throw error;
    },
  });
  await node.start();
  const tell = async (hash: string): Promise<void> => {
    const vote = { kind: 'commit', epoch: 0, view: VIEW, height: 1, hash, signer: 1 } as const;
    const message = { type: 'vote', vote: { ...vote, signature: new Uint8Array(64) } } as const;
    await transport.onFrame(peer, frames.encode({ type: 'message', message }));
  };
  // The transport knows what a frame may have, before it takes memory for one.
  expect(transport.ruleOf).toBe(frameRule);
  await tell('11'.repeat(32));
  expect(asked).toBe(0);
  let isOver = false;
  const second = tell('22'.repeat(32)).then(() => {
    isOver = true;
  });
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  expect([asked, isOver]).toEqual([2, false]);
  open();
  await second;
  expect(asked).toBe(2);
  await node.stop();
});
