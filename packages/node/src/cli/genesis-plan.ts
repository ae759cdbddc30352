import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEFAULT_PARAMETERS,
  encode,
  type Genesis,
  type GenesisMember,
  genesisCodec,
  type Lang,
  type Parameters,
  type Profile,
  profileFromJson,
  rolesFromTexts,
} from '@qifeng/core';
import { nativeSigner } from '@qifeng/core/native';
import type { NodeHome } from '../config/node-home.ts';
import { fault } from './complaints.ts';
import { seedsFolder } from './home.ts';

/** A member unit as seeds/members.json lists it. */
export interface SeedMember {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
}

/** A demo publisher as seeds/publishers.json lists it. */
export interface SeedPublisher {
  readonly id: string;
  readonly name: string;
  readonly home: string;
  /** As `rolesFromTexts` reads them. */
  readonly roles: readonly string[];
  /** Records a day; none: no bound. */
  readonly quota?: number;
}

/** The 31 member units. */
export function seedMembers(): readonly SeedMember[] {
  return JSON.parse(readFileSync(join(seedsFolder(), 'members.json'), 'utf8')) as SeedMember[];
}

/** A member's name in the person's language. */
export function memberName({ nameZh, nameEn }: SeedMember, lang: Lang): string {
  return lang === 'zh' ? nameZh : nameEn;
}

/** The demo publishers. */
export function seedPublishers(): readonly SeedPublisher[] {
  return JSON.parse(readFileSync(join(seedsFolder(), 'publishers.json'), 'utf8')) as SeedPublisher[];
}

/** A listed publisher with its keys as a genesis has it. */
export function publisherEntry(
  { id, name, home, roles, quota = 0 }: SeedPublisher,
  keys: readonly Uint8Array[],
): Genesis['publishers'][number] {
  const read = rolesFromTexts(roles);
  if (!read.ok) throw fault('bad-publishers', `${id}: ${read.fault.detail}`);
  return { id, name, home, roles: read.value, quota, keys };
}

/** The profiles that ship with the project, by name. */
export function seedProfiles(): readonly Profile[] {
  const folder = join(seedsFolder(), 'profiles');
  return readdirSync(folder)
    .filter(file => file.endsWith('.json'))
    .map(file => {
      const profile = profileFromJson(readFileSync(join(folder, file), 'utf8'));
      if (!profile.ok) throw fault('bad-profile', file, profile.fault.detail);
      return profile.value;
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A validator's entry in a genesis, from its home. */
export function memberEntry(
  seed: SeedMember,
  home: NodeHome | null,
  addresses: readonly string[],
): GenesisMember {
  return {
    ...seed,
    validatorKey: home?.keys.validator.publicKey ?? null,
    logKey: home?.keys.log.publicKey ?? null,
    p2pKey: home?.keys.p2p.publicKey ?? null,
    addresses,
    validator: home !== null,
  };
}

/** Makes a demo publisher's key, marked as such and protecting nothing, unless it is there; gives its public key. */
export function demoPublisherKey(keys: string, id: string): Uint8Array {
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  chmodSync(keys, 0o700);
  const file = join(keys, `${id}.pem`);
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(file, `Demo key of ${id}, made by qifeng-node cluster. It protects nothing.\n${pem}`, {
      mode: 0o600,
    });
  }
  return nativeSigner(demoSeed(file)).publicKey;
}

/** The seed of a demo publisher's key, 32 bytes. */
export function demoSeed(file: string): Uint8Array {
  const pem = readFileSync(file, 'utf8');
  const body = /-----BEGIN PRIVATE KEY-----([\s\S]+?)-----END/.exec(pem)?.[1] ?? '';
  // PKCS#8 of Ed25519 (RFC 8410): the seed is the last 32 bytes.
  return new Uint8Array(Buffer.from(body, 'base64').subarray(-32));
}

/** The bytes of a genesis file. */
export function makeGenesis(
  name: string,
  originPrefix: string,
  members: readonly GenesisMember[],
  publishers: Genesis['publishers'],
  parameters: Parameters = DEFAULT_PARAMETERS,
): Uint8Array {
  return encode(genesisCodec, {
    v: 1,
    name,
    originPrefix,
    suite: 'ed25519-sha256',
    created: Date.now(),
    members: [...members].sort((a, b) => (a.code < b.code ? -1 : 1)),
    publishers: [...publishers].sort((a, b) => (a.id < b.id ? -1 : 1)),
    profiles: seedProfiles(),
    parameters,
  });
}
