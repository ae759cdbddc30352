import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Chain,
  DEFAULT_PARAMETERS,
  encode,
  genesisCodec,
  MAX_BODIES_BYTES,
  readGenesis,
  signSubmission,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PUBLISHER, TIME, testGenesis, unwrap } from '../../../../tests/fixtures/builder.ts';
import { DEFAULT_TIMING } from '../consensus/config.ts';
import type { Own } from '../engine/epochs.ts';
import { type AssembledNode, assembleNode } from '../node.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { Transport } from '../ports/transport.ts';
import { PROFILES } from '../state/testing/profiles.ts';
import { openGuardFile, writeBirthMarker } from '../storage/file-guard.ts';
import { type FileLog, openFileLog } from '../storage/file-log.ts';
import { openLedgerStore } from '../storage/ledger-store.ts';
import { memoryKeyValue } from '../storage/testing/memory-key-value.ts';
import { forgettingKeyValue, type RecordedKeyValue, recordedKeyValue } from '../storage/testing/unsynced.ts';
import { createVerificationPool } from '../verification/pool.ts';

const { hasher } = nativeSuite;
const seed = (what: string) => nativeSigner(hasher.digest(new TextEncoder().encode(`durability ${what}`)));
const [validator, log, publisher] = [seed('validator'), seed('log'), seed('publisher')];

/** A chain of one validator: its own quorum, so that every phase of a block happens in one process. */
function soloChain(): Chain {
  const genesis = testGenesis();
  const member = {
    ...genesis.members[0]!,
    validatorKey: validator.publicKey,
    logKey: log.publicKey,
    validator: true,
  };
  const bytes = encode(genesisCodec, {
    ...genesis,
    created: TIME,
    members: [member],
    publishers: [{ ...genesis.publishers[0]!, home: member.code, keys: [publisher.publicKey], profiles: [] }],
    profiles: PROFILES,
    parameters: { ...DEFAULT_PARAMETERS, heartbeatMs: 3_600_000 },
  });
  return unwrap(readGenesis(bytes, nativeSuite));
}

const alone: Transport = {
  send: () => {},
  onFrame: () => {},
  ruleOf: () => undefined,
  onPeer: () => {},
  connected: () => [],
  setMembers: () => {},
  start: async () => {},
  stop: async () => {},
};

const chain = soloChain();
const pool = createVerificationPool({ workers: 1 });
let folder: string;
let wal: FileLog;
let store: LedgerStore;
let node: AssembledNode;
let guardSyncs: () => number;

async function open(kv: Parameters<typeof openLedgerStore>[0]): Promise<void> {
  const own: Own = {
    code: chain.validators[0]!.code,
    validatorKey: validator.publicKey,
    settings: {
      window: 8,
      term: 1024,
      depth: 1,
      maxBatches: 64,
      maxBytes: MAX_BODIES_BYTES,
      timing: { ...DEFAULT_TIMING, heartbeat: 3_600_000 },
    },
  };
  store = await openLedgerStore(kv);
  wal = await openFileLog(join(folder, 'wal'));
  if (!existsSync(join(folder, 'guard'))) writeBirthMarker(join(folder, 'guard'));
  const guard = openGuardFile(join(folder, 'guard'));
  guardSyncs = () => guard.syncs;
  const fatal = (error: unknown): void => {
    throw error;
  };
  const keys = { validator, log };
  node = await assembleNode({
    chain,
    suite: nativeSuite,
    own,
    keys,
    store,
    wal,
    guard,
    transport: alone,
    pool,
    log: () => {},
    fatal,
  });
  await node.start();
}

let count = 0;

/** Records one document and gives its index and receipt, both acknowledged as final. */
async function record(): Promise<{ index: number; proof: Uint8Array }> {
  const now = Date.now();
  const nonce = new Uint8Array(16);
  new DataView(nonce.buffer).setUint32(0, ++count);
  const wire = signSubmission(
    {
      genesis: chain.hash,
      publisher: PUBLISHER,
      nonce,
      issuedAt: now,
      expires: now + 60_000,
      entries: [
        {
          profile: 'note',
          action: 'open',
          subject: { issuer: PUBLISHER, id: `document ${count}` },
          digest: { alg: 'sha256', hash: hasher.digest(nonce) },
          prev: null,
          links: [],
          meta: new Map(),
          origin: null,
        },
      ],
    },
    publisher,
    hasher,
  );
  const result = await node.service.submit(wire, 10_000);
  if (result.type !== 'final' || result.outcome.first === null) throw new Error(JSON.stringify(result));
  const index = result.outcome.first;
  return { index, proof: node.service.receipt(index)! };
}

async function close(): Promise<void> {
  await node.stop();
  await wal.close();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-durability-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('syncs, counted through the ports', () => {
  it('are one of the log a phase, one of the guard a group of signatures, three of the store a block', async () => {
    await open(memoryKeyValue());
    await record();
    const before = { wal: wal.syncs, guard: guardSyncs(), store: store.syncs };
    const blocks = 5;
    for (let i = 0; i < blocks; i++) await record();
    const per = {
      // Acceptance, PREPARED certificate, cosignature, checkpoint certificate.
      wal: (wal.syncs - before.wal) / blocks,
      // PREPARE with its proposal, COMMIT, cosignature.
      guard: (guardSyncs() - before.guard) / blocks,
      // Bodies, the executed block, its certificate.
      store: (store.syncs - before.store) / blocks,
    };
    await close();
    expect(per).toEqual({ wal: 4, guard: 3, store: 3 });
  });
});

describe('a power cut that takes every unsynced write', () => {
  async function afterCut(kv: RecordedKeyValue): Promise<string[]> {
    await open(kv);
    const acknowledged = [];
    for (let i = 0; i < 5; i++) acknowledged.push(await record());
    await close();
    const left = memoryKeyValue();
    await kv.replaySynced(left);
    const problems: string[] = [];
    try {
      await open(left);
    } catch (error) {
      return [(error as Error).message];
    }
    for (const { index, proof } of acknowledged) {
      if (!verifyReceipt(proof, { chain, suite: nativeSuite, digests: null }).ok)
        problems.push(`receipt ${index}`);
      if (store.leaf(index) === null) problems.push(`record ${index} is lost`);
      if (node.service.receipt(index) === null) problems.push(`record ${index} has no receipt any more`);
    }
    if (problems.length === 0) expect((await record()).index).toBe(acknowledged.length);
    await close();
    return problems;
  }

  it('loses nothing that was acknowledged, and the node goes on', async () => {
    expect(await afterCut(recordedKeyValue(memoryKeyValue()))).toEqual([]);
  });

  it('would lose records if blocks were not synced: the planted fault is found', async () => {
    const recorded = recordedKeyValue(memoryKeyValue());
    // Only large writes, the executed blocks, are not synced.
    const forgetting = forgettingKeyValue(recorded, changes => changes.length > 8);
    const kv = { ...forgetting, writes: recorded.writes, replaySynced: recorded.replaySynced.bind(recorded) };
    expect((await afterCut(kv)).length).toBeGreaterThan(0);
  });
});
