import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import {
  CliError,
  type Entry,
  EXIT,
  encode,
  entryCodec,
  equalBytes,
  isSealedId,
  openEntry,
  type Profile,
  SALT_LENGTH,
  type Sealed,
  sealEntry,
  usageFault,
} from '@qifeng/core';
import { fieldsFlaw, profileRules } from '@qifeng/core/execution';
import { nativeSuite } from '@qifeng/core/native';
import { existingSubjectKey, sealedSubjectId, subjectKey } from '../keys/subject-key.ts';
import type { Names } from '../register/register.ts';
import type { Item } from '../stamp/item.ts';
import type { NamedX } from './asked.ts';
import { stampMessages } from './commands/stamp/messages.ts';
import type { Context } from './context.ts';
import { faultText } from './fault-text.ts';
import { fileError } from './files.ts';
import { keysFolder } from './home.ts';
import type { PublisherKey } from './keys.ts';

/** Seals the entries of one run; see `beginSealing`. */
export interface Sealer {
  /** The entry with nothing but commitments, and what opens them. Complains about what the profile does not allow. */
  seal(plain: Entry): Sealed;
  /** The id that the ledger has for a subject of this publisher. One that is an id of the ledger already stays as it is. */
  subjectId(profile: string, issuer: string, localId: string): string;
}

/** The profile of this name, if it is sealed; null for one in the open, or one that is not known. */
export function sealedProfile(name: string, names: Names): Profile | null {
  const known = names.profile(name)?.profile;
  return known?.privacy === 'sealed' ? known : null;
}

/**
 * What seals the entries of a profile, with the publisher's subject key, which stands beside its signing key; null for a
 * profile in the open. The ledger cannot look into what is sealed, so that fields are checked here. A profile that is not
 * known is sealed where the user says so (`told`), and its fields are not known.
 */
export async function beginSealing(
  profileName: string,
  names: Names,
  key: PublisherKey,
  context: Context,
  told = false,
): Promise<Sealer | null> {
  const profile = sealedProfile(profileName, names);
  if (profile === null && !told) return null;
  const words = stampMessages(context.lang);
  const complain = (what: string, why: string | null, next: string) =>
    new CliError(EXIT.usage, 'bad-entry', { what, why, next });
  const path = subjectKeyFile(dirname(key.path), key.publisher);
  const secret = await subjectKey(path).catch((error: unknown) => {
    throw fileError(error, path, context);
  });
  if (secret === null) throw complain(words.badSubjectKey(path), null, words.badSubjectKeyNext);
  const actions = profile && profileRules(profile).actions;
  const subjectId: Sealer['subjectId'] = (of, issuer, localId) => {
    if (isSealedId(localId)) return localId;
    if (issuer === key.publisher) return sealedSubjectId(secret, of, localId);
    throw complain(words.otherSealed(localId), null, words.otherSealedNext);
  };
  return {
    subjectId,
    seal: plain => {
      const rules = actions?.get(plain.action);
      const flaw = rules && fieldsFlaw(rules, plain);
      if (flaw) {
        const why = faultText(flaw, context.lang);
        throw complain(words.badEntry(plain.subject.id), why, words.badEntryNext);
      }
      const id = subjectId(plain.profile, plain.subject.issuer, plain.subject.id);
      return sealEntry(plain, id, nativeSuite.hasher, () => new Uint8Array(randomBytes(SALT_LENGTH)));
    },
  };
}

/**
 * What was asked about, as the ledger has it: a sealed subject that is named by its local id is found by its issuer's subject
 * key in this home. Complains without one, as the ledger would truly answer that it has no such subject.
 */
export async function onLedger(named: NamedX, names: Names | null, context: Context): Promise<NamedX> {
  const { asked } = named;
  if (asked.kind !== 'subject' || names === null || sealedProfile(asked.profile, names) === null)
    return named;
  const { issuer, id } = asked.subject;
  if (isSealedId(id)) return named;
  const path = subjectKeyFile(keysFolder(context.home), issuer);
  const key = await existingSubjectKey(path).catch((error: unknown) => {
    throw fileError(error, path, context);
  });
  const words = stampMessages(context.lang);
  if (key === null) throw usageFault('bad-subject', words.otherSealed(id), words.otherSealedNext);
  return { ...named, asked: { ...asked, subject: { issuer, id: sealedSubjectId(key, asked.profile, id) } } };
}

function subjectKeyFile(folder: string, publisher: string): string {
  return join(folder, `${publisher}.subject-key`);
}

/** Whether an item says what this entry in the open says, whatever its `prev` and its salts. */
export function saysTheSame(
  { entry, bytes, opening }: Pick<Item, 'entry' | 'bytes' | 'opening'>,
  plain: Entry,
): boolean {
  const same = (other: Entry, others: Uint8Array) =>
    equalBytes(encode(entryCodec, { ...other, prev: entry.prev }), others);
  if (opening === null) return same(plain, bytes);
  const opened = openEntry(entry, opening, nativeSuite.hasher);
  if (!opened.ok) return false;
  const { digest, meta, origin, links } = opened.value;
  const said = { ...entry, digest, meta, origin, links: entry.links.map((link, i) => links.get(i) ?? link) };
  return same(plain, encode(entryCodec, said));
}
