import { readdirSync, readFileSync } from 'node:fs';
import type { Profile } from '@qifeng/core';

const SEEDS = new URL('../../seeds/', import.meta.url);

/** A row of seeds/members.json. */
export interface SeedMember {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
}

/** A row of seeds/publishers.json: id is the 统一社会信用代码, no roles listed means issuer in every profile. */
export interface SeedPublisher {
  readonly id: string;
  readonly name: string;
  readonly home: string;
  readonly roles: readonly string[];
  readonly quota?: number;
}

/** A row of seeds/lifecycle.json: an action on the subject of `document`. */
export interface SeedAction {
  readonly document: string;
  readonly action: string;
  readonly file: string | null;
  readonly by: string | null;
  readonly note: string;
}

/** A text with its file name, as bytes. */
export interface SeedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Everything a fresh network starts with. */
export interface SeedSet {
  readonly members: readonly SeedMember[];
  readonly publishers: readonly SeedPublisher[];
  readonly documents: readonly SeedFile[];
  readonly revisions: readonly SeedFile[];
  readonly lifecycle: readonly SeedAction[];
}

/** The profile of policy documents that ships with the seeds. */
export function readPolicyProfile(): Profile {
  return JSON.parse(readFileSync(new URL('profiles/policy.json', SEEDS), 'utf8'));
}

/** The profiles that ship with the seeds, one a file. */
export function readProfileFiles(): readonly SeedFile[] {
  const folder = new URL('profiles/', SEEDS);
  return readdirSync(folder)
    .sort()
    .map(name => ({ name, bytes: readFileSync(new URL(name, folder)) }));
}

/** The sample data of the systems, by path below seeds/systems. */
export function readSamples(): readonly SeedFile[] {
  const folder = new URL('systems/', SEEDS);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .sort()
    .map(path => ({ name: path.slice(path.indexOf('seeds/systems/') + 14), bytes: readFileSync(path) }));
}

/** The seeds of this project. */
export function readSeeds(): SeedSet {
  const json = (path: string) => JSON.parse(readFileSync(new URL(path, SEEDS), 'utf8'));
  const folder = (path: string): SeedFile[] =>
    readdirSync(new URL(path, SEEDS))
      .sort()
      .map(name => ({ name, bytes: readFileSync(new URL(`${path}${name}`, SEEDS)) }));
  return {
    members: json('members.json'),
    publishers: json('publishers.json'),
    documents: folder('documents/'),
    revisions: folder('revisions/'),
    lifecycle: json('lifecycle.json'),
  };
}

/** Front matter as key and value, and the text after it; null where a file does not begin with front matter. */
export function splitDocument(text: string): { meta: [key: string, value: string][]; body: string } | null {
  const lines = text.split('\n');
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end === -1) return null;
  const meta = lines.slice(1, end).map((line): [string, string] => {
    const colon = line.indexOf(': ');
    return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 2)];
  });
  return { meta, body: lines.slice(end + 1).join('\n') };
}
