import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Chain, EXIT, type ExitCode, equalBytes, toHex } from '@qifeng/core';
import { openNodeHome, pathsIn } from '../../../config/node-home.ts';
import { forgetIn } from '../../../engine/signing.ts';
import { openGuardFile } from '../../../storage/file-guard.ts';
import { syncFolder } from '../../../storage/store-switch.ts';
import type { BackupManifest } from '../../backup/format.ts';
import { type OpenBackup, openBackup } from '../../backup/read.ts';
import { openChain } from '../../chain.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { examineStore, withPool } from '../../store-check.ts';
import { restoreMessages } from './messages.ts';

/** Arguments of `restore` as they were typed. */
export interface RestoreFlags {
  readonly home: string;
  readonly keys?: string;
  readonly genesis?: string;
}

/**
 * Makes a home from a backup. It is made beside its place and checked there; it takes its place in one rename, or nothing
 * stays of it. Its key has lost its memory: what it signed after the backup was taken, nobody here knows.
 */
export async function restore(
  file: string,
  flags: RestoreFlags,
  { lang, json, out, streams }: Context,
): Promise<ExitCode> {
  const home = resolve(flags.home);
  if (existsSync(home) && readdirSync(home).length > 0) throw fault('home-not-empty', home);
  const making = `${home}.restoring`;
  rmSync(making, { recursive: true, force: true });
  const backup = await openBackup(file);
  let chain: Chain;
  try {
    chain = await make(making, file, backup, flags, streams);
    await syncFolder(making);
    mkdirSync(dirname(home), { recursive: true });
    if (existsSync(home)) rmdirSync(home);
    renameSync(making, home);
    await syncFolder(home);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    throw error;
  } finally {
    await backup.close();
  }
  const { member, height } = backup.manifest;
  if (json) out.json({ home, member, height, genesis: chain.hash, amnesia: true });
  else {
    const words = restoreMessages(lang);
    out.heading(true, home, words.restored(member, height));
    out.rows([
      [words.chain, toHex(chain.hash)],
      [words.vote, words.amnesia],
    ]);
  }
  return EXIT.done;
}

/** Makes and checks all of the home at a path that is not its own yet. */
async function make(
  path: string,
  file: string,
  backup: OpenBackup,
  flags: RestoreFlags,
  { env }: Context['streams'],
): Promise<Chain> {
  const { manifest } = backup;
  const paths = pathsIn(path);
  mkdirSync(paths.keys, { recursive: true, mode: 0o700 });
  const genesis = join(path, 'genesis.cbor');
  writeFileSync(genesis, manifest.genesis, { flush: true });
  writeFileSync(paths.config, manifest.config, { flush: true });
  writeFileSync(paths.member, `${manifest.member}\n`, { flush: true });
  const chain = openChain(genesis);
  if (flags.genesis !== undefined && !equalBytes(openChain(flags.genesis).hash, chain.hash))
    throw fault('other-chain', file);
  putKeys(path, manifest, flags.keys);
  if (!equalBytes(openNodeHome(path, env).keys.p2p.publicKey, manifest.p2pKey))
    throw fault('other-keys', flags.keys ?? path, manifest.member);
  // Before the store: whatever there is of this home at any time, its key signs nothing.
  forgetIn(openGuardFile(paths.guard));
  await backup.storeTo(paths.db);
  const { from, blocks, flaws } = await withPool(pool => examineStore(chain, paths.db, pool));
  if (flaws.length > 0) throw fault('bad-backup', file, flaws.join('; '));
  if (from + blocks !== manifest.height)
    throw fault('bad-backup', file, `it ends at block ${from + blocks}, not ${manifest.height}`);
  return chain;
}

/** The keys of the backup, or those kept apart. */
function putKeys(path: string, { keys }: BackupManifest, apart: string | undefined): void {
  for (const name of ['validator', 'log', 'p2p'] as const) {
    const source = apart === undefined ? null : join(apart, `${name}.pem`);
    if (source === null && keys === null) throw fault('no-keys-in-backup');
    if (source !== null && !existsSync(source)) throw fault('key-missing', source);
    const pem = source === null ? keys![name] : readFileSync(source);
    writeFileSync(join(pathsIn(path).keys, `${name}.pem`), pem, { mode: 0o600, flush: true });
  }
}
