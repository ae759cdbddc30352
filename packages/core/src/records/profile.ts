import {
  boolean,
  type Carried,
  exactly,
  list,
  oneOf,
  record,
  recordWithLast,
  uint,
} from '../encoding/codec.ts';
import { identifier, plainText } from './names.ts';

/** The state of a subject that has no record yet, usable in `from` and nowhere else. */
export const NO_STATE = 'none';

/** Named field formats; there are no free regular expressions. */
export const FIELD_TYPES = [
  'text',
  'texts',
  'integer',
  'boolean',
  'date',
  'uscc',
  'region',
  'document-number',
  'certificate-id',
  'digest',
  'bill-code',
  'bill-number',
  'invoice-number',
  'index-number',
  'document-kind',
  'issuers',
  'code',
] as const;

/** What a state means to whoever asks whether the subject stands, beside its dates and links. */
export const STANDINGS = [
  'in-force',
  'awaiting',
  'suspended',
  'amended',
  'superseded',
  'repealed',
  'lapsed',
  'revoked',
  'used',
  'ended',
] as const;

/**
 * What an action does with a file: `required` and `optional` make it the subject's text, `enclosed` (needed) and `may-enclose`
 * only have it accompany the action (附件、办理文书), `none` takes none.
 */
export const FILE_RULES = ['required', 'optional', 'none', 'enclosed', 'may-enclose'] as const;

/** Standings of what is in force. */
export const IN_FORCE: readonly string[] = ['in-force', 'amended'];
/** Standings whose record may name the last day in force. */
export const DATED_ENDS: readonly string[] = ['repealed', 'lapsed'];

const titleCodec = record({ zh: plainText(128, 1), en: plainText(128, 1) });

const fieldCodec = record({
  name: identifier,
  title: titleCodec,
  type: oneOf(...FIELD_TYPES),
  max: uint(8192),
  required: boolean,
});

const linkRuleCodec = record({
  rel: identifier,
  profile: identifier,
  required: boolean,
  states: list(identifier, 32),
  owner: boolean,
});

const actionCodec = record({
  name: identifier,
  title: titleCodec,
  from: list(identifier, 32, 1),
  to: identifier,
  by: oneOf('issuer', 'home-member', 'any-publisher', 'named'),
  digest: oneOf(...FILE_RULES),
  fields: list(fieldCodec, 64),
  links: list(linkRuleCodec, 16),
});

/** A lifecycle as data: states and the actions between them. */
export const profileCodec = recordWithLast(
  {
    v: exactly(1),
    name: identifier,
    version: uint(1_000_000),
    title: titleCodec,
    privacy: oneOf('public', 'sealed'),
    personal: oneOf('allowed', 'refused'),
    states: list(record({ name: identifier, title: titleCodec, standing: oneOf(...STANDINGS) }), 32, 1),
    actions: list(actionCodec, 32, 1),
  },
  { namedBy: list(identifier, 8, 1) },
);
/**
 * A profile: name, version, titles, privacy, personal data, states with what they mean, actions (from, to, by whom, digest,
 * fields, links), and the fields that name its subjects; without them its issuers choose ids as they like.
 */
export type Profile = Carried<typeof profileCodec>;
/** One action of a profile. */
export type ProfileAction = Carried<typeof actionCodec>;
/** True iff an action takes no place in its subject's history without a file. */
export function needsFile({ digest }: Pick<ProfileAction, 'digest'>): boolean {
  return digest === 'required' || digest === 'enclosed';
}
/** True iff the file of an action only accompanies it, so that the subject keeps the text it has. */
export function encloses({ digest }: Pick<ProfileAction, 'digest'>): boolean {
  return digest === 'enclosed' || digest === 'may-enclose';
}
/**
 * A relation that an action may have to subjects of a profile: those in one of `states` (none named: any). With `owner` the
 * owner of the linked subject becomes this subject's owner.
 */
export type LinkRule = ProfileAction['links'][number];
/** One metadata field of an action; `max` bounds UTF-8 bytes of texts and the magnitude of integers (0: no bound). */
export type ProfileField = Carried<typeof fieldCodec>;
