import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import type { Chain } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { NodeHome } from '../../config/node-home.ts';
import { forgetIn } from '../../engine/signing.ts';
import { wireCodecs } from '../../engine/wire/codecs.ts';
import { recordCodec } from '../../engine/wire/records.ts';
import { StorageError } from '../../storage/errors.ts';
import { openGuardFile } from '../../storage/file-guard.ts';
import { openFileLog } from '../../storage/file-log.ts';
import { freeName, syncFolder } from '../../storage/store-switch.ts';

/** What log and guard of a home are worth. */
export interface Memory {
  readonly log: 'sound' | 'damaged';
  readonly guard: 'sound' | 'damaged';
  /** Epoch that the log is of; null: it is damaged, or holds nothing. */
  readonly epoch: number | null;
}

/** Looks at log and guard of a stopped node. A torn end of the log is cut, as at any start. */
export async function memoryIn({ wal, guard }: NodeHome, chain: Chain): Promise<Memory> {
  const unless = (code: string) => (error: unknown) => {
    if (error instanceof StorageError && error.code === code) return null;
    throw error;
  };
  const guarded = await Promise.resolve()
    .then(() => openGuardFile(guard))
    .catch(unless('guard-damaged'));
  const state = guarded === null ? 'damaged' : 'sound';
  if (!existsSync(wal)) return { log: 'sound', guard: state, epoch: null };
  const log = await openFileLog(wal).catch(unless('log-damaged'));
  if (log === null) return { log: 'damaged', guard: state, epoch: null };
  const [first] = log.read();
  await log.close();
  const records = recordCodec(wireCodecs(chain.hash, nativeSuite.hasher));
  const record = first === undefined ? null : records.decode(first);
  return { log: 'sound', guard: state, epoch: record?.type === 'epoch' ? record.epoch : record && 0 };
}

/**
 * Has the key lose its memory, and sets aside what is damaged or of no use. The guard says so first, in one rename: at no
 * moment is there a log without a guard, which would be believed. Gives what was set aside.
 */
export async function forgetAll(
  { wal, guard }: NodeHome,
  { guard: state }: Memory,
  log: boolean,
): Promise<string[]> {
  const aside: string[] = [];
  if (state === 'sound') forgetIn(openGuardFile(guard));
  else {
    const making = `${guard}.making`;
    rmSync(making, { force: true });
    forgetIn(openGuardFile(making));
    const kept = freeName(`${guard}.damaged`);
    copyFileSync(guard, kept);
    renameSync(making, guard);
    await syncFolder(guard);
    aside.push(kept);
  }
  if (log && existsSync(wal)) {
    const kept = freeName(`${wal}.damaged`);
    renameSync(wal, kept);
    await syncFolder(wal);
    aside.push(kept);
  }
  return aside;
}
