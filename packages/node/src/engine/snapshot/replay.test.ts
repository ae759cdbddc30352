import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { edgeFromTiles, parseCheckpoint, stateName, toHex } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../../../tests/fixtures/builder.ts';
import { LONE_CHAIN, startLone, submitTo } from '../../../../../tests/fixtures/lone-validator.ts';
import type { AssembledNode } from '../../node.ts';
import type { Head, LedgerStore, SnapshotStore, StateEntry } from '../../ports/ledger-store.ts';
import type { SubmitResult } from '../../ports/node-service.ts';
import { openGuardFile, writeBirthMarker } from '../../storage/file-guard.ts';
import { type FileLog, openFileLog } from '../../storage/file-log.ts';
import type { KeyValue } from '../../storage/key-value.ts';
import { openLedgerStore } from '../../storage/ledger-store.ts';
import { snapshotStore } from '../../storage/snapshot-store.ts';
import { memoryKeyValue } from '../../storage/testing/memory-key-value.ts';
import { createVerificationPool } from '../../verification/pool.ts';
import { partOf } from './part-desk.ts';
import { PartFetcher } from './part-fetcher.ts';

const pool = createVerificationPool({ workers: 1 });
const folder = mkdtempSync(join(tmpdir(), 'qifeng-replay-'));
const SENT_AT = Date.now();
const REMEMBERED = toHex(stateName('submission', new Uint8Array(32)).slice(0, -32));
let wal: FileLog;
let store: LedgerStore;
let node: AssembledNode;
let first: SubmitResult;

async function open(ledger: LedgerStore): Promise<void> {
  store = ledger;
  wal = await openFileLog(join(folder, 'wal'));
  const fatal = (error: unknown): void => {
    throw error;
  };
  const guard = openGuardFile(join(folder, 'guard'));
  node = await startLone({ store, wal, guard, pool, told: () => {}, fatal });
}

async function close(): Promise<void> {
  await node.stop();
  await wal.close();
}

type Teller = (values: readonly StateEntry[]) => readonly StateEntry[];

/** Fetches the state of `store` from itself, as `told` changes what it says. */
async function fetched(told: Teller) {
  const place = memoryKeyValue();
  const made = snapshotStore(place, () => {});
  const state = await store.freeze();
  const { head } = state;
  const { stateRoot } = unwrap(parseCheckpoint(head.text));
  const whole = await new Promise<boolean>(resolve => {
    const fetcher: PartFetcher = new PartFetcher(
      {
        connected: () => ['110000'],
        request: (member, paths) => {
          for (const path of paths) {
            const part = partOf(state, head.header.height, path);
            const values = part.values && told(part.values);
            setImmediate(() => fetcher.received(member, { ...part, values }, 0));
          }
        },
        add: values => made.add(values),
        lied: () => resolve(false),
        complete: () => resolve(true),
        forsaken: () => resolve(false),
        failed: error => {
          throw error;
        },
      },
      nativeHasher,
      stateRoot,
    );
    fetcher.ask(0);
  });
  return { whole, finish: () => finished(place, made, state.head, stateRoot) };
}

async function finished(
  place: KeyValue,
  made: SnapshotStore,
  head: Head,
  stateRoot: Uint8Array,
): Promise<LedgerStore> {
  await made.finish({
    genesis: LONE_CHAIN.hash,
    head,
    stateRoot,
    edge: edgeFromTiles(store.tiles, head.size),
    ends: [],
    certificates: [store.lastCertificate()!],
    handovers: [],
  });
  return openLedgerStore(place);
}

describe('replay after a snapshot', () => {
  beforeAll(async () => {
    writeBirthMarker(join(folder, 'guard'));
    await open(await openLedgerStore(memoryKeyValue()));
    first = await submitTo(node, 1, 10_000, SENT_AT);
    for (let number = 2; number < 6; number++) await submitTo(node, number, 10_000);
  });
  afterAll(async () => {
    await close();
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds the replay memory: a member that leaves it out of the state is refused', async () => {
    const forgetful = (values: readonly StateEntry[]) =>
      values.filter(({ name }) => !toHex(name).startsWith(REMEMBERED));
    expect((await fetched(forgetful)).whole).toBe(false);
  });

  it('gets the first outcome again, and records nothing twice', async () => {
    const copy = await (await fetched(values => values)).finish();
    const { size } = store.head()!;
    await close();
    await open(copy);
    expect(first).toMatchObject({ type: 'final', outcome: { height: 1, first: 0, refusal: null } });
    expect(await submitTo(node, 1, 2_000, SENT_AT)).toEqual(first);
    expect(await submitTo(node, 6, 10_000)).toMatchObject({ type: 'final', outcome: { first: size } });
    expect(store.head()!.size).toBe(size + 1);
    expect(node.service.standing().votes).toBe(true);
  });
});
