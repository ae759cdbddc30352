import type { KeyObject } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Signer } from '@qifeng/core';
import { nativeSigner } from '@qifeng/core/native';
import { ConfigError, formatConfig, type NodeConfig, readConfig } from './config.ts';
import { eraseKey, makeKey, passphraseIn, readKey } from './node-keys.ts';

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

type Environment = Readonly<Record<string, string | undefined>>;

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

/**
 * Makes a fresh home: keys, encrypted if the environment has a passphrase, configuration, member code. Throws ConfigError if
 * one is there.
 */
export function initNodeHome(
  home: string,
  member: string,
  config: NodeConfig,
  env: Environment = {},
): NodeHome {
  const paths = pathsIn(home);
  if (existsSync(paths.keys))
    throw new ConfigError(`${home} is a node's home already; choose another --home`);
  mkdirSync(paths.keys, { recursive: true, mode: 0o700 });
  chmodSync(paths.keys, 0o700);
  for (const name of KEY_NAMES) makeKey(join(paths.keys, `${name}.pem`), passphraseIn(env));
  writeFileSync(paths.config, formatConfig(config));
  writeFileSync(paths.member, `${member}\n`);
  return openNodeHome(home, env);
}

/** Makes new keys to vote and to sign the log with, in place of those of a home; old ones that are not lost are erased. */
export function replaceVotingKeys(home: string, env: Environment = {}): void {
  const { keys } = pathsIn(home);
  for (const name of ['validator', 'log']) {
    const file = join(keys, `${name}.pem`);
    eraseKey(file);
    makeKey(file, passphraseIn(env));
  }
}

/** Opens a home. Throws ConfigError or KeyError, which say what is missing. */
export function openNodeHome(home: string, env: Environment): NodeHome {
  const paths = pathsIn(home);
  if (!existsSync(paths.keys)) {
    throw new ConfigError(
      `${home} is no node's home; make one with: qifeng-node init --member CODE --home ${home}`,
    );
  }
  const passphrase = passphraseIn(env);
  const key = (name: (typeof KEY_NAMES)[number]) => readKey(join(paths.keys, `${name}.pem`), passphrase);
  const p2p = key('p2p');
  return {
    path: home,
    db: paths.db,
    wal: paths.wal,
    guard: paths.guard,
    config: readConfig(existsSync(paths.config) ? readFileSync(paths.config, 'utf8') : '', env),
    member: readFileSync(paths.member, 'utf8').trim(),
    keys: {
      validator: nativeSigner(key('validator')),
      log: nativeSigner(key('log')),
      p2p: { seed: seedOf(p2p), publicKey: nativeSigner(p2p).publicKey },
    },
  };
}

function seedOf(key: KeyObject): Uint8Array {
  return new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url'));
}
