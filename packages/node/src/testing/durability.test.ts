import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyReceipt } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LONE_CHAIN, recordOn, startLone, submitTo } from '../../../../tests/fixtures/lone-validator.ts';
import { decodeGuard } from '../engine/wire/records.ts';
import type { AssembledNode } from '../node.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import { openGuardFile, writeBirthMarker } from '../storage/file-guard.ts';
import { type FileLog, openFileLog } from '../storage/file-log.ts';
import { openLedgerStore } from '../storage/ledger-store.ts';
import { memoryKeyValue } from '../storage/testing/memory-key-value.ts';
import { forgettingKeyValue, type RecordedKeyValue, recordedKeyValue } from '../storage/testing/unsynced.ts';
import { createVerificationPool } from '../verification/pool.ts';

const pool = createVerificationPool({ workers: 1 });
let folder: string;
let wal: FileLog;
let store: LedgerStore;
let node: AssembledNode;
let guardSyncs: () => number;
let told: string[] = [];

async function open(kv: Parameters<typeof openLedgerStore>[0], born = true): Promise<void> {
  store = await openLedgerStore(kv);
  wal = await openFileLog(join(folder, 'wal'));
  if (born && !existsSync(join(folder, 'guard'))) writeBirthMarker(join(folder, 'guard'));
  const guard = openGuardFile(join(folder, 'guard'));
  guardSyncs = () => guard.syncs;
  const fatal = (error: unknown): void => {
    throw error;
  };
  node = await startLone({ store, wal, guard, pool, told: event => told.push(event), fatal });
}

let count = 0;

const record = () => recordOn(node, ++count);

async function close(): Promise<void> {
  await node.stop();
  await wal.close();
}

beforeEach(() => {
  told = [];
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
      if (!verifyReceipt(proof, { chain: LONE_CHAIN, suite: nativeSuite, digests: null }).ok)
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

describe('a key whose memory was lost', () => {
  /** What its guard remembers after that, in a ledger that cannot grow without it. */
  async function signedThen(): Promise<string[]> {
    expect(told).toContain('amnesia');
    expect((await submitTo(node, ++count, 200)).type).not.toBe('final');
    await close();
    const { amnesiac, signed } = decodeGuard(openGuardFile(join(folder, 'guard')).read()!);
    expect(amnesiac).toBe(true);
    return [...signed.keys()];
  }
  const guarded = () => [...decodeGuard(openGuardFile(join(folder, 'guard')).read()!).signed.keys()];

  /** Opens on the log and the ledger as they were before the last record. */
  async function putBack(alsoDo = () => {}): Promise<void> {
    const kv = recordedKeyValue(memoryKeyValue());
    await open(kv);
    await record();
    await close();
    const older = memoryKeyValue();
    await kv.replaySynced(older);
    cpSync(join(folder, 'wal'), join(folder, 'wal.older'), { recursive: true });
    await open(kv);
    await record();
    await close();
    alsoDo();
    rmSync(join(folder, 'wal'), { recursive: true });
    cpSync(join(folder, 'wal.older'), join(folder, 'wal'), { recursive: true });
    await open(older, false);
  }

  it('votes for nothing after an older log and ledger were put back', async () => {
    let before: string[] = [];
    await putBack(() => {
      before = guarded();
    });
    expect(await signedThen()).toEqual(before);
  });

  it('votes for nothing after an older log and ledger were put back and the guard was left out', async () => {
    await putBack(() => rmSync(join(folder, 'guard')));
    expect(await signedThen()).toEqual([]);
  });

  it('votes for nothing on a wiped disk: it has neither a log nor a birth marker', async () => {
    await open(memoryKeyValue(), false);
    expect(await signedThen()).toEqual([]);
  });
});
