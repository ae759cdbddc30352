import type { MetaValue } from './entry.ts';
import { NO_STATE, type Profile, type ProfileAction, type ProfileField } from './profile.ts';

/**
 * Formats with one spelling of each thing, so that two ids are two things. Those that can hold a hyphen are of one length:
 * joined by hyphens, different values give different ids.
 */
const NAMING_TYPES: readonly ProfileField['type'][] = [
  'code',
  'date',
  'uscc',
  'region',
  'document-number',
  'certificate-id',
  'bill-code',
  'bill-number',
  'invoice-number',
  'index-number',
];

/** The fields by which an action names the subject that it begins; null where the issuer chooses the id, or nothing begins. */
export function namingFields(
  { namedBy }: Pick<Profile, 'namedBy'>,
  { from }: ProfileAction,
): readonly string[] | null {
  return namedBy !== undefined && from.includes(NO_STATE) ? namedBy : null;
}

/** The id of the subject that these fields name: their values joined by `-`; null where one is no text. */
export function namedId(naming: readonly string[], meta: ReadonlyMap<string, MetaValue>): string | null {
  const values = naming.map(name => meta.get(name));
  return values.every(value => typeof value === 'string') ? values.join('-') : null;
}

/** What is wrong with the fields by which a profile names its subjects, or null. */
export function namingFlaw({ namedBy, privacy, actions }: Profile): string | null {
  if (namedBy === undefined) return null;
  if (privacy === 'sealed')
    return 'subjects of a sealed profile have ids that tell nothing, and no field names them';
  if (new Set(namedBy).size !== namedBy.length) return 'a field that names subjects is named twice';
  for (const { name, from, fields } of actions) {
    if (!from.includes(NO_STATE)) continue;
    for (const naming of namedBy) {
      const field = fields.find(known => known.name === naming);
      if (!field?.required)
        return `action ${name} begins a history and does not require ${naming}, which names the subject`;
      if (!NAMING_TYPES.includes(field.type))
        return `action ${name}: ${naming} names the subject, and a ${field.type} can be written in several ways`;
    }
  }
  return null;
}
