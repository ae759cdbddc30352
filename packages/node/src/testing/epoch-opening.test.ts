import { setTimeout as pause } from 'node:timers/promises';
import { blockHash, equalBytes } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, expect, it, vi } from 'vitest';
import { testKey } from '../../../../tests/fixtures/builder.ts';
import { ENGINE_SETTINGS } from '../../../../tests/fixtures/engine-settings.ts';
import { memberKey } from '../../../../tests/fixtures/epoch-ledger.ts';
import { epochsLedger } from '../../../../tests/fixtures/epochs.ts';
import type { SignedVote } from '../consensus/messages.ts';
import { blockHasher, blockOf, wireCodecs } from '../engine/wire/codecs.ts';
import { type Frame, frameCodec } from '../engine/wire/frames.ts';
import { recordCodec } from '../engine/wire/records.ts';
import { signedBytesOf } from '../engine/wire/signed-bytes.ts';
import { type AssembledNode, assembleNode } from '../node.ts';
import type { GuardFile } from '../ports/log.ts';
import type { Transport } from '../ports/transport.ts';
import { openFileLog } from '../storage/file-log.ts';
import { openLedgerStore } from '../storage/ledger-store.ts';
import { memoryFiles } from '../storage/testing/memory-files.ts';
import { memoryKeyValue } from '../storage/testing/memory-key-value.ts';
import { createVerificationPool } from '../verification/pool.ts';

/*
 * The log of an epoch forgets the certificate by which the one before ended, and peers that are behind, and every later
 * receipt, need it: a real node without a vote learns of the end of an epoch while its store is slow to keep that certificate.
 */

const LOG = 'log';
/** The block that ends epoch 0. */
const END = 2;
/** A member of the set of epoch 1 that is not of the first. */
const JOINER = '150000';
/** Ms in which a node that waited for nothing would have gone on: several of its ticks. */
const LONG_MS = 300;

const ledger = epochsLedger();
const { chain } = ledger;
const { hasher } = nativeSuite;
const codecs = wireCodecs(chain.hash, hasher);
const frames = frameCodec(codecs);
const [me, peer] = chain.validators.map(({ code }) => code) as [string, string];
/** Up to the end, newest first. */
const HEADERS = ledger.blocks
  .slice(0, END)
  .map(({ header }) => blockOf(header, blockHash(header, hasher)))
  .reverse();
const pool = createVerificationPool({ workers: 1 });
afterAll(() => pool.close());

/**
 * Disks that outlive a node, and the moment until which the certificate of the epoch's end is not stored. `guard`: what the
 * guard has at first, by itself the birth marker.
 */
function disks(guard: Uint8Array | null = new Uint8Array(0)) {
  const files = memoryFiles();
  let release = (): void => {};
  const gate = new Promise<void>(resolve => {
    release = resolve;
  });
  const guardFile: GuardFile = {
    read: () => guard,
    write: value => {
      guard = value.slice();
    },
    syncs: 0,
  };
  return { files, kv: memoryKeyValue(), guard: guardFile, gate, release };
}

type Disks = ReturnType<typeof disks>;

/**
 * A node without a vote on these disks: a stranger, or `joiner`, which is of the set from epoch 1 on. `isSlow`: its store keeps no
 * certificate of the epoch's end before the gate opens.
 */
async function started({ files, kv, guard, gate }: Disks, isSlow: boolean, code = me) {
  const told: string[] = [];
  const said: SignedVote[] = [];
  const key = code === JOINER ? memberKey('validator', JOINER, 0) : testKey('a stranger');
  let asked = false;
  const store = await openLedgerStore(kv);
  const wal = await openFileLog(LOG, files);
  const put = store.putCertificate.bind(store);
  store.putCertificate = async (height, bytes) => {
    if (height === END) asked = true;
    if (isSlow && height === END) await gate;
    await put(height, bytes);
  };
  const answer = (to: string, bytes: Uint8Array): void => {
    const frame = frames.decode(bytes);
    if (!frame.ok || to !== peer) return;
    if (frame.value.type === 'message' && frame.value.message.type === 'vote')
      said.push(frame.value.message.vote);
    if (frame.value.type === 'message' && frame.value.message.type === 'header-request')
      hear({ type: 'message', message: { type: 'headers', blocks: HEADERS } });
    if (frame.value.type !== 'batch-request') return;
    for (const digest of frame.value.digests) {
      const block = ledger.blocks.find(({ header }) => equalBytes(header.batches[0]!, digest));
      hear({ type: 'batch', bytes: block!.body });
    }
  };
  const transport: Transport = {
    send: (to, bytes) => answer(to, bytes),
    onFrame: () => {},
    ruleOf: () => undefined,
    onPeer: () => {},
    connected: () => [peer],
    setMembers: () => {},
    start: async () => {},
    stop: async () => {},
  };
  const hear = (frame: Frame): void => void transport.onFrame(peer, frames.encode(frame));
  const node: AssembledNode = await assembleNode({
    chain,
    suite: nativeSuite,
    own: {
      code,
      validatorKey: key.publicKey,
      settings: ENGINE_SETTINGS,
    },
    keys: { validator: key, log: testKey('the log of a stranger') },
    store,
    wal,
    guard,
    transport,
    pool,
    log: (_level, event) => told.push(event),
    fatal: error => told.push(String(error)),
  });
  await node.start();
  const stop = async (): Promise<void> => {
    await node.stop();
    await wal.close();
  };
  return { hear, told, said, store, stop, asked: () => asked };
}

/** The certificate that makes the end of the first epoch final. */
function tellTheEnd(hear: (frame: Frame) => void): void {
  const { hash } = HEADERS[0]!;
  const { text } = ledger.blocks[END - 1]!;
  const certificate = { epoch: 0, height: END, hash, text, signatures: ledger.signatures(END) };
  hear({ type: 'message', message: { type: 'checkpoint-certificate', certificate } });
}

/** Kinds of the records in the log on a disk. */
async function logged({ files }: Disks): Promise<string[]> {
  const log = await openFileLog(LOG, memoryFiles(new Map(files.files)));
  const { decode } = recordCodec(codecs);
  return log.read().map(bytes => decode(bytes).type);
}

it('an epoch is opened only when the certificate of its predecessor’s end is stored', async () => {
  const on = disks();
  const { hear, told, store, stop, asked } = await started(on, true);
  tellTheEnd(hear);
  await vi.waitFor(() => expect([asked(), store.head()?.header.height]).toEqual([true, END]), 20_000);
  await pause(LONG_MS);
  expect(told).toEqual([]);
  expect(await logged(on)).toEqual(['checkpoint']);
  on.release();
  await vi.waitFor(() => expect(told).toEqual(['epoch']), 20_000);
  await vi.waitFor(async () => expect(await logged(on)).toEqual(['epoch']), 20_000);
  expect(store.certificateFrom(END)?.height).toBe(END);
  await stop();
});

it('a power cut before it is stored leaves it in the log, from where it is stored and the epoch opened', async () => {
  const on = disks();
  const before = await started(on, true);
  tellTheEnd(before.hear);
  await vi.waitFor(() => expect(before.store.head()?.header.height).toBe(END), 20_000);
  await before.stop();
  expect(before.store.certificateFrom(END)).toBeNull();
  const { told, store, stop } = await started(on, false);
  await vi.waitFor(() => expect(told).toEqual(['epoch']), 20_000);
  expect(store.certificateFrom(END)?.height).toBe(END);
  await stop();
});

/** What a key that joined with epoch 1 says there to a proposal, on these disks. */
async function saidInEpochOne(on: Disks) {
  const { hear, told, said, stop } = await started(on, false, JOINER);
  tellTheEnd(hear);
  await vi.waitFor(() => expect(told).toContain('epoch'), 20_000);
  const draft = {
    ...{ height: END + 1, parent: HEADERS[0]!.hash, proposer: me, epoch: 1, timestamp: Date.now() },
    ...{ batches: [], barrier: false },
  };
  const block = { ...draft, hash: blockHasher(chain.hash, hasher)(draft) };
  const bytes = signedBytesOf(chain.hash, hasher, codecs).of({ type: 'proposal', view: 0, block });
  const signature = testKey(`validator ${me}`).sign(bytes);
  hear({
    type: 'message',
    message: { type: 'proposal', proposal: { view: 0, block, signer: 0, signature } },
  });
  await (told.includes('amnesia') ? pause(LONG_MS) : vi.waitFor(() => expect(said).not.toEqual([]), 20_000));
  await stop();
  return { told, said };
}

it('a key that joined later votes, and on a wiped disk, or with its guard alone, it votes no more', async () => {
  const first = disks();
  const { said } = await saidInEpochOne(first);
  expect(said).toMatchObject([{ kind: 'prepare', epoch: 1, view: 0, height: END + 1 }]);
  expect(await saidInEpochOne(disks(null))).toEqual({ told: ['amnesia', 'epoch'], said: [] });
  expect(await saidInEpochOne(disks(first.guard.read()))).toEqual({ told: ['amnesia', 'epoch'], said: [] });
});
