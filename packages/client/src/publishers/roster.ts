import {
  bytesOfHex,
  type Enrolment,
  isUscc,
  type Lang,
  ok,
  organisationNameFlaw,
  type Result,
  type Roles,
  refuse,
  rolesFromTexts,
  toUtf8,
  type Verifier,
} from '@qifeng/core';
import type { CsvRow } from '../files/csv.ts';
import { rosterMessages } from './roster-messages.ts';

/** The columns of a roster; `key` may be left out, and `roles` where one word holds for all lines. */
export const COLUMNS = ['code', 'name', 'home', 'key', 'roles', 'quota'] as const;
type Column = (typeof COLUMNS)[number];
/** The word for issuer in every profile, also those to come; a profile of this name is written `all:issuer`. */
export const ALL_ROLES = 'all';

/** A publisher as a roster or a command line has it, sound in itself. */
export interface Listed extends Omit<Enrolment, 'keys'> {
  readonly home: string;
  /** None: the one that asks for the enrolment makes one. */
  readonly keys: readonly Uint8Array[];
}

/** Texts that describe a publisher, by column. */
export type ListedTexts = Readonly<Record<Column, string>>;

/**
 * Where each column stands, by the header row of a roster; roles stand in a column, or outside for all lines, never in both.
 * Fault: `bad-header`.
 */
export function columnsOf(
  { fields }: CsvRow,
  rolesOutside: boolean,
  lang: Lang,
): Result<ReadonlyMap<Column, number>> {
  const words = rosterMessages(lang);
  const columns = new Map<Column, number>();
  for (const [i, field] of fields.entries()) {
    const name = COLUMNS.find(column => column === field.trim().toLowerCase());
    if (name === undefined) return refuse('bad-header', words.unknownColumn(field, COLUMNS.join(',')));
    if (columns.has(name)) return refuse('bad-header', words.columnTwice(name));
    columns.set(name, i);
  }
  if (rolesOutside && columns.has('roles')) return refuse('bad-header', words.rolesTwice);
  const needed = COLUMNS.filter(column => column !== 'key' && !(column === 'roles' && rolesOutside));
  const missing = needed.find(column => !columns.has(column));
  if (missing === undefined) return ok(columns);
  return refuse('bad-header', missing === 'roles' ? words.noRolesColumn : words.noColumn(missing));
}

/** The texts of a row by column; `roles` are those of a roster without such a column. Fault: `bad-row`. */
export function textsOf(
  { fields }: CsvRow,
  columns: ReadonlyMap<Column, number>,
  roles: string,
  lang: Lang,
): Result<ListedTexts> {
  if (fields.length !== columns.size)
    return refuse('bad-row', rosterMessages(lang).cells(fields.length, columns.size));
  const text = (column: Column) => fields[columns.get(column) ?? -1]?.trim() ?? '';
  return ok({
    code: text('code').toUpperCase(),
    name: text('name'),
    home: text('home'),
    key: text('key'),
    roles: columns.has('roles') ? text('roles') : roles,
    quota: text('quota'),
  });
}

/**
 * A publisher from its texts: keys in hex, and roles as `rolesOf` has them; no quota is none. Faults: `bad-uscc`, `bad-name`, `bad-home`, `bad-key`, `bad-role`, `bad-quota`.
 */
export function listedOf(
  texts: ListedTexts,
  members: ReadonlySet<string>,
  verifier: Verifier,
  lang: Lang,
): Result<Listed> {
  const words = rosterMessages(lang);
  const { code, name, home } = texts;
  if (!isUscc(code)) return refuse('bad-uscc', words.badUscc(code));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (name === '' || toUtf8(name).length > 256 || /[\u0000-\u001f\u007f-\u009f]/.test(name))
    return refuse('bad-name', words.badName);
  const flaw = organisationNameFlaw(code, name);
  if (flaw !== null)
    return refuse('bad-name', flaw.code === 'personal-data' ? words.personalName : words.secretName);
  if (!members.has(home)) return refuse('bad-home', words.badHome(home));
  const keys = keysOf(texts.key, verifier, lang);
  if (!keys.ok) return keys;
  const roles = rolesOf(texts.roles, lang);
  if (!roles.ok) return roles;
  const quota = quotaOf(texts.quota, lang);
  if (!quota.ok) return quota;
  return ok({ id: code, name, home, keys: keys.value, roles: roles.value, quota: quota.value });
}

/**
 * Roles from words `PROFILE` or `PROFILE:ROLE`, apart by spaces or semicolons, or the one word `all`. The ledger takes none for
 * issuer in every profile; nothing written is a slip more often than a wish for that. Fault: `bad-role`.
 */
export function rolesOf(text: string, lang: Lang): Result<Roles> {
  const words = wordsOf(text);
  if (words.length === 0) return refuse('bad-role', rosterMessages(lang).noRoles);
  if (words.includes(ALL_ROLES))
    return words.length === 1 ? ok([]) : refuse('bad-role', rosterMessages(lang).allAndMore);
  const wrong = words.find(word => !(/^[a-z][a-z0-9-]{0,31}(:|$)/.test(word) && rolesFromTexts([word]).ok));
  return wrong === undefined
    ? rolesFromTexts(words)
    : refuse('bad-role', rosterMessages(lang).badRole(wrong));
}

/** Records a day from their number; nothing is no bound. Fault: `bad-quota`. */
export function quotaOf(text: string, lang: Lang): Result<number> {
  if (/^[0-9]{0,12}$/.test(text)) return ok(Number(text));
  return refuse('bad-quota', rosterMessages(lang).badQuota(text));
}

/** Public keys from their hex, at most 8. Fault: `bad-key`: another length, or none that can sign. */
export function keysOf(text: string, verifier: Verifier, lang: Lang): Result<readonly Uint8Array[]> {
  const keys: Uint8Array[] = [];
  for (const hex of wordsOf(text)) {
    const key = /^[0-9a-f]{64}$/i.test(hex) ? bytesOfHex(hex.toLowerCase()) : null;
    if (key === null || !verifier.isKey(key)) return refuse('bad-key', rosterMessages(lang).badKey(hex));
    keys.push(key);
  }
  return keys.length > 8 ? refuse('bad-key', rosterMessages(lang).manyKeys) : ok(keys);
}

/** Words apart by spaces or semicolons. */
function wordsOf(text: string): readonly string[] {
  return text.split(/[\s;]+/).filter(word => word !== '');
}
