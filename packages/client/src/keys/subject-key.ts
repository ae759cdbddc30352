import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { concat, encode, text, toUtf8 } from '@qifeng/core';

const TAG = toUtf8('qifeng/subject/v1\n');

/**
 * A publisher's subject key: 32 random bytes in hex in a file of its own, mode 0600, made at its first use. It outlives the
 * keys that the publisher signs with, as the ids of its sealed subjects are made with it. Null for a file with anything else
 * in it; rejects with Node's coded error.
 */
export async function subjectKey(path: string): Promise<Uint8Array | null> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(path, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const hex = (await readFile(path, 'utf8')).trim();
  return keyIn(hex);
}

/** The subject key that stands there; null where none does. Rejects with Node's coded error. */
export async function existingSubjectKey(path: string): Promise<Uint8Array | null> {
  return existsSync(path) ? keyIn((await readFile(path, 'utf8')).trim()) : null;
}

function keyIn(hex: string): Uint8Array | null {
  return /^[0-9a-f]{64}$/.test(hex) ? new Uint8Array(Buffer.from(hex, 'hex')) : null;
}

/**
 * Id of a sealed subject, in hex: HMAC-SHA-256 of profile and local id under the subject key. The same subject always has the
 * same id, and nobody without the key can try local ids.
 */
export function sealedSubjectId(key: Uint8Array, profile: string, localId: string): string {
  const named = concat(TAG, encode(text(32), profile), encode(text(1024), localId));
  return createHmac('sha256', key).update(named).digest('hex');
}
