import { verifyReceipt } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, describe, expect, it } from 'vitest';
import { LONE_CHAIN, recordOn, startLone } from '../../../../tests/fixtures/lone-validator.ts';
import type { GuardFile } from '../ports/log.ts';
import { openFileLog } from '../storage/file-log.ts';
import type { Change } from '../storage/key-value.ts';
import { openLedgerStore } from '../storage/ledger-store.ts';
import { type CutFiles, cutFiles } from '../storage/testing/cut-files.ts';
import { memoryFiles } from '../storage/testing/memory-files.ts';
import { memoryKeyValue } from '../storage/testing/memory-key-value.ts';
import { createVerificationPool } from '../verification/pool.ts';

/*
 * One validator records documents on disks that remember every step. Then each moment between two steps is taken for
 * the last one before a power cut, and the node is started upon what the disks may then hold: what was written and not
 * synced is there, half there, or gone.
 */

const LOG = 'log';
const DOCUMENTS = 3;
/** The birth marker of a new key: a guard without a value. */
const BORN = new Uint8Array(0);

const pool = createVerificationPool({ workers: 1 });
afterAll(() => pool.close());

/** What the disks hold at one moment: of the store so many writes. */
interface Moment {
  readonly log: CutFiles;
  readonly guard: Uint8Array;
  readonly writes: number;
}

interface Run {
  readonly moments: readonly Moment[];
  readonly writes: readonly { readonly changes: readonly Change[]; readonly sync: boolean }[];
  /** What was acknowledged, and at which moment. */
  readonly acknowledged: readonly {
    readonly index: number;
    readonly proof: Uint8Array;
    readonly at: number;
  }[];
}

function guardOf(value: Uint8Array, written: (value: Uint8Array) => void): GuardFile {
  let held = value;
  let syncs = 0;
  return {
    read: () => held,
    write: next => {
      held = next.slice();
      syncs++;
      written(held);
    },
    get syncs() {
      return syncs;
    },
  };
}

function thrown(error: unknown): never {
  throw error;
}

/** A run of the real node, moment by moment; `forgets` tells of a sync that the log leaves out, as a planted fault. */
async function run(forgets: (sync: number) => boolean = () => false): Promise<Run> {
  const moments: Moment[] = [];
  const writes: { changes: readonly Change[]; sync: boolean }[] = [];
  let log: CutFiles = { written: new Map(), synced: new Map(), torn: null };
  let guard: Uint8Array = BORN;
  const note = (): void => void moments.push({ log, guard, writes: writes.length });
  const files = cutFiles(left => {
    log = left;
    note();
  }, forgets);
  const kv = memoryKeyValue();
  const node = await startLone({
    store: await openLedgerStore({
      ...kv,
      write: async (changes, sync) => {
        await kv.write(changes, sync);
        writes.push({ changes, sync });
        note();
      },
    }),
    wal: await openFileLog(LOG, files),
    guard: guardOf(BORN, value => {
      guard = value;
      note();
    }),
    pool,
    told: () => {},
    fatal: thrown,
  });
  const acknowledged = [];
  for (let i = 0; i < DOCUMENTS; i++) acknowledged.push({ ...(await recordOn(node, i)), at: moments.length });
  await node.stop();
  return { moments, writes, acknowledged };
}

/** What is wrong with a node that starts upon this. */
async function flaws(
  { writes, acknowledged }: Run,
  { guard, ...moment }: Moment,
  at: number,
  log: ReadonlyMap<string, Uint8Array>,
  onlySynced: boolean,
): Promise<string[]> {
  const found: string[] = [];
  const kv = memoryKeyValue();
  for (const { changes, sync } of writes.slice(0, moment.writes))
    if (sync || !onlySynced) await kv.write(changes, false);
  try {
    const store = await openLedgerStore(kv);
    const node = await startLone({
      store,
      wal: await openFileLog(LOG, memoryFiles(new Map(log))),
      guard: guardOf(guard, () => {}),
      pool,
      told: event => event === 'amnesia' && found.push('amnesia'),
      fatal: error => found.push(String(error)),
    });
    for (const { index, proof, at: since } of acknowledged) {
      if (since > at) break;
      if (!verifyReceipt(proof, { chain: LONE_CHAIN, suite: nativeSuite, digests: null }).ok)
        found.push(`receipt ${index}`);
      if (store.leaf(index) === null) found.push(`record ${index} is lost`);
    }
    if (found.length === 0) await recordOn(node, DOCUMENTS + 1);
    await node.stop();
  } catch (error) {
    found.push(String(error));
  }
  return found;
}

/** Starts the node after a cut at every moment; what was wrong where. */
async function cutEverywhere(ran: Run) {
  const wrong: string[] = [];
  const cuts = { written: 0, synced: 0, torn: 0 };
  for (const [i, moment] of ran.moments.entries()) {
    for (const what of ['written', 'synced', 'torn'] as const) {
      const log = moment.log[what];
      if (log === null) continue;
      cuts[what]++;
      const found = await flaws(ran, moment, i + 1, log, what !== 'written');
      wrong.push(...found.map(flaw => `moment ${i}, ${what}: ${flaw}`));
    }
  }
  return { wrong, cuts };
}

describe('a power cut between any two steps of the disks', () => {
  it('loses nothing that was acknowledged, costs no memory, and the node goes on', async () => {
    const { wrong, cuts } = await cutEverywhere(await run());
    expect(wrong).toEqual([]);
    expect(Math.min(cuts.written, cuts.synced)).toBeGreaterThan(12 * DOCUMENTS);
    expect(cuts.torn).toBeGreaterThan(4 * DOCUMENTS - 1);
  });

  it('is found to do harm where the log leaves a sync out', async () => {
    const { wrong } = await cutEverywhere(await run(sync => sync > 4));
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.join('\n')).toContain('amnesia');
  });
});
