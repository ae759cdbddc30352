import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError, EXIT, equalBytes, type Signer } from '@qifeng/core';
import { nativeSigner, parseKey } from '@qifeng/core/native';
import type { NodeClient } from '../../../sdk/client.ts';
import type { Context } from '../../context.ts';
import { readSmall } from '../../files.ts';
import { faulty } from '../../keys.ts';
import { publishersMessages } from './messages.ts';

/** Bytes of a key file, and of the file that names a node's member, at most. */
const MAX_BYTES = 4096;

type Members = Awaited<ReturnType<NodeClient['members']>>['members'];

/**
 * The validator keys on this machine that approve for a member in the present set, by member: of the node homes that are
 * named, else of the network in the home. They are read here, sign here, and go nowhere.
 */
export async function readApprovers(
  homes: readonly string[],
  members: Members,
  context: Context,
): Promise<ReadonlyMap<string, Signer>> {
  const { home, io } = context;
  const found = new Map<string, Signer>();
  if (homes.length > 0)
    for (const typed of homes) {
      const path = resolve(io.cwd, typed);
      const code = (await readText(join(path, 'member'), context)).trim();
      found.set(code, await readKey(path, context));
    }
  else
    for (const { code } of members) {
      const path = join(home, 'nodes', code);
      if (existsSync(keyIn(path))) found.set(code, await readKey(path, context));
    }
  for (const { code, key } of members) {
    const own = found.get(code);
    if (own !== undefined && (key === null || !equalBytes(key, own.publicKey))) found.delete(code);
  }
  return found;
}

/**
 * Who approves for a home member, in order of code: the member itself; a quorum of the others where that is here and it is
 * not; else nobody.
 */
export function approversFor(
  home: string,
  here: ReadonlyMap<string, Signer>,
  quorum: number,
): readonly (readonly [code: string, signer: Signer])[] {
  const own = here.get(home);
  if (own !== undefined) return [[home, own]];
  const others = [...here].sort(([a], [b]) => (a < b ? -1 : 1));
  return others.length < quorum ? [] : others.slice(0, quorum);
}

/** The complaint that nothing here can approve for a member. */
export function noApprover(code: string, { lang }: Pick<Context, 'lang'>): CliError {
  const words = publishersMessages(lang);
  return new CliError(EXIT.usage, 'no-member-key', {
    what: words.noMemberKey(code),
    why: words.noMemberKeyWhy,
    next: words.noMemberKeyNext,
  });
}

function keyIn(nodeHome: string): string {
  return join(nodeHome, 'keys', 'validator.pem');
}

async function readKey(nodeHome: string, context: Context): Promise<Signer> {
  const key = parseKey(await readText(keyIn(nodeHome), context), null);
  if (typeof key === 'string') throw faulty(key, keyIn(nodeHome), context);
  return nativeSigner(key);
}

async function readText(path: string, context: Context): Promise<string> {
  return new TextDecoder().decode(await readSmall(path, path, MAX_BYTES, context));
}
