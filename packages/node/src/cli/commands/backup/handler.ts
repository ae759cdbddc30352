import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, type ExitCode } from '@qifeng/core';
import { type NodeHome, pathsIn } from '../../../config/node-home.ts';
import type { BackupManifest } from '../../backup/format.ts';
import { writeBackup } from '../../backup/write.ts';
import { openChain } from '../../chain.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { openHome } from '../../home.ts';
import { examineStore, withPool } from '../../store-check.ts';
import { backupMessages } from './messages.ts';

/** Arguments of `backup` as they were typed. */
export interface BackupFlags {
  readonly home: string;
  readonly out: string;
  readonly withKeys?: boolean;
}

/**
 * Writes what a stopped node needs to come back: ledger, genesis, configuration, and if asked its keys. Neither log nor
 * guard is in it: older ones would let the key vote twice.
 */
export async function backup(
  { home: path, out: target, withKeys = false }: BackupFlags,
  { lang, json, out, streams }: Context,
): Promise<ExitCode> {
  const home = openHome(path, streams.env);
  const genesis = join(home.path, 'genesis.cbor');
  const chain = openChain(genesis);
  // A node that runs has its store to itself: this says so before anything is written.
  const { from, blocks, flaws } = await withPool(pool => examineStore(chain, home.db, pool));
  if (flaws.length > 0) throw fault('store-unsound', home.path, flaws.join('; '));
  const { config } = pathsIn(home.path);
  const manifest: BackupManifest = {
    v: 1,
    member: home.member,
    genesis: new Uint8Array(readFileSync(genesis)),
    config: existsSync(config) ? readFileSync(config, 'utf8') : '',
    height: from + blocks,
    p2pKey: home.keys.p2p.publicKey,
    keys: withKeys ? keysOf(home) : null,
  };
  const file = isFolder(target) ? join(target, `${home.member}-${manifest.height}.backup`) : target;
  const bytes = await writeBackup(file, manifest, home.db);
  const { member, height } = manifest;
  if (json) out.json({ file, member, height, bytes, keys: withKeys });
  else {
    const words = backupMessages(lang);
    out.heading(true, file, words.saved(member, height));
    out.rows([
      [words.bytes, String(bytes)],
      [words.keys, withKeys ? words.within : words.apart],
      [words.later, words.noVote],
    ]);
  }
  return EXIT.done;
}

function keysOf({ path }: NodeHome): BackupManifest['keys'] {
  const pem = (name: string) => new Uint8Array(readFileSync(join(pathsIn(path).keys, `${name}.pem`)));
  return { validator: pem('validator'), log: pem('log'), p2p: pem('p2p') };
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
