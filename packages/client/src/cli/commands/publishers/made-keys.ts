import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatKey, isEncryptedKey, nativeSigner, newKey, parseKey } from '@qifeng/core/native';
import type { Context } from '../../context.ts';
import { fileError } from '../../files.ts';
import { keysFolder } from '../../home.ts';
import { faulty } from '../../keys.ts';

/**
 * The public key of a publisher whose key is in the home, made there unless it is: without a passphrase, for demonstrations
 * and for trials, readable by its owner alone. So a repeated import finds the keys of the first.
 */
export async function madeKey(publisher: string, context: Context): Promise<Uint8Array> {
  const folder = keysFolder(context.home);
  const path = join(folder, `${publisher}.pem`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = newKey();
  try {
    await writeFile(path, formatKey(key, null), { mode: 0o600, flag: 'wx' });
    return nativeSigner(key).publicKey;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw fileError(error, path, context);
  }
  const pem = await readFile(path, 'utf8');
  const found = parseKey(pem, null);
  if (typeof found === 'string') throw faulty(isEncryptedKey(pem) ? 'no-passphrase' : found, path, context);
  return nativeSigner(found).publicKey;
}
