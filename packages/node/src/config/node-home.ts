import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Signer } from '@qifeng/core';
import { nativeSigner } from '@qifeng/core/native';
import { ConfigError, formatConfig, type NodeConfig, readConfig } from './config.ts';

/** A node's keys; three different ones, none used for another's purpose. */
export interface NodeKeys {
  readonly validator: Signer;
  readonly log: Signer;
  /** Seed of the libp2p key, 32 bytes, and its public key. */
  readonly p2p: { readonly seed: Uint8Array; readonly publicKey: Uint8Array };
}

/** Where a node keeps what: `{db,wal,guard,keys,config.toml}` in its home. */
export interface NodeHome {
  readonly path: string;
  readonly db: string;
  readonly wal: string;
  readonly guard: string;
  readonly config: NodeConfig;
  readonly member: string;
  readonly keys: NodeKeys;
}

const KEY_NAMES = ['validator', 'log', 'p2p'] as const;

/** The paths in a home, existing or not. */
export function pathsIn(home: string): Record<'db' | 'wal' | 'guard' | 'keys' | 'config' | 'member', string> {
  return {
    db: join(home, 'db'),
    wal: join(home, 'wal'),
    guard: join(home, 'keys', 'guard'),
    keys: join(home, 'keys'),
    config: join(home, 'config.toml'),
    member: join(home, 'member'),
  };
}

/** Makes a fresh home: keys (PKCS#8, 0600), configuration, member code. Throws ConfigError if one is there. */
export function initNodeHome(home: string, member: string, config: NodeConfig): NodeHome {
  const paths = pathsIn(home);
  if (existsSync(paths.keys))
    throw new ConfigError(`${home} is a node's home already; choose another --home`);
  mkdirSync(paths.keys, { recursive: true, mode: 0o700 });
  chmodSync(paths.keys, 0o700);
  for (const name of KEY_NAMES) makeKey(join(paths.keys, `${name}.pem`));
  writeFileSync(paths.config, formatConfig(config));
  writeFileSync(paths.member, `${member}\n`);
  return openNodeHome(home, {});
}

/** Makes new keys to vote and to sign the log with, in place of those of a home; old ones that are not lost are erased. */
export function replaceVotingKeys(home: string): void {
  const { keys } = pathsIn(home);
  for (const name of ['validator', 'log']) {
    const file = join(keys, `${name}.pem`);
    if (existsSync(file)) {
      writeFileSync(file, new Uint8Array(statSync(file).size));
      unlinkSync(file);
    }
    makeKey(file);
  }
}

function makeKey(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
}

/** Opens a home. Throws ConfigError that says what is missing and what to do. */
export function openNodeHome(home: string, env: Readonly<Record<string, string | undefined>>): NodeHome {
  const paths = pathsIn(home);
  if (!existsSync(paths.keys)) {
    throw new ConfigError(
      `${home} is no node's home; make one with: qifeng-node init --member CODE --home ${home}`,
    );
  }
  const p2p = readKey(join(paths.keys, 'p2p.pem'));
  return {
    path: home,
    db: paths.db,
    wal: paths.wal,
    guard: paths.guard,
    config: readConfig(existsSync(paths.config) ? readFileSync(paths.config, 'utf8') : '', env),
    member: readFileSync(paths.member, 'utf8').trim(),
    keys: {
      validator: nativeSigner(readKey(join(paths.keys, 'validator.pem'))),
      log: nativeSigner(readKey(join(paths.keys, 'log.pem'))),
      p2p: { seed: seedOf(p2p), publicKey: nativeSigner(p2p).publicKey },
    },
  };
}

function readKey(path: string): KeyObject {
  if (!existsSync(path))
    throw new ConfigError(`${path} is missing; restore it from a backup, a new key is another member`);
  return createPrivateKey(readFileSync(path));
}

function seedOf(key: KeyObject): Uint8Array {
  return new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url'));
}
