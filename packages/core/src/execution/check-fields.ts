import type { Entry, MetaValue } from '../records/entry.ts';
import { namedId } from '../records/naming.ts';
import type { Profile } from '../records/profile.ts';
import { isMarkedSecret } from '../records/secrecy.ts';
import type { SubjectValue } from '../records/state.ts';
import { formatFlaw } from './formats.ts';
import { type ActionRules, profileRules } from './profile-rules.ts';

/** What is wrong with one entry: code and sentence. */
export interface EntryFlaw {
  readonly code: string;
  readonly detail: string;
}

/** What is wrong with a field, by its name. */
export type FieldFlaw = EntryFlaw & { readonly field: string };

/** What a record's fields say about the subject's standing; what they do not mention stays. */
export type Standing = Pick<SubjectValue, 'owner' | 'validFrom' | 'validTo'>;

/** What is wrong with the texts of an entry of a public profile, or with the id of its subject by its fields, or null. */
export function fieldsFlaw(rules: ActionRules, entry: Entry): FieldFlaw | EntryFlaw | null {
  const { meta, subject } = entry;
  if (isMarkedSecret(entry))
    return {
      code: 'secret-document',
      detail: 'a document that is marked with a 密级 stays off an open ledger',
    };
  for (const [name, value] of meta) {
    const flaw = fieldFlaw(rules, name, value);
    if (flaw !== null) return flaw;
  }
  return missingFlaw(rules.required, meta) ?? nameFlaw(rules, meta, subject.id);
}

/** One thing has one id, so that what is done to it once is done once. */
function nameFlaw({ naming }: ActionRules, meta: Entry['meta'], id: string): EntryFlaw | null {
  if (naming === null) return null;
  const named = namedId(naming, meta);
  return named === id
    ? null
    : {
        code: 'wrong-subject-id',
        detail: `the id of the subject of this ${naming.join(' and ')} is ${named}`,
      };
}

/**
 * What is wrong with the fields that a receipt shows of a sealed record, one by one, by the rules of this profile; nothing where
 * it has no such action. The ledger recorded them unseen.
 */
export function shownFlaws(profile: Profile, action: string, meta: Entry['meta']): readonly FieldFlaw[] {
  const rules = profileRules(profile).actions.get(action);
  if (rules === undefined) return [];
  return [...meta].flatMap(([field, value]) => fieldFlaw(rules, field, value) ?? []);
}

function fieldFlaw({ action, fields }: ActionRules, name: string, value: MetaValue): FieldFlaw | null {
  const field = fields.get(name);
  if (field === undefined)
    return { code: 'unknown-field', field: name, detail: `action ${action.name} has no field ${name}` };
  // Null is a field expressly without a value.
  const wanted = value === null ? null : formatFlaw(field, value);
  return wanted === null
    ? null
    : { code: 'bad-field', field: name, detail: `field ${name} must be ${wanted}` };
}

/** The standing after an entry's fields: `effective` and `expires` if they are dates, `owner` if it is a uscc. */
export function standingAfter({ fields }: ActionRules, { meta }: Entry, before: Standing): Standing {
  const given = (name: string, type: 'date' | 'uscc'): string | null | undefined => {
    const value = fields.get(name)?.type === type ? meta.get(name) : undefined;
    return typeof value === 'string' || value === null ? value : undefined;
  };
  const validFrom = given('effective', 'date');
  const validTo = given('expires', 'date');
  return {
    owner: given('owner', 'uscc') ?? before.owner,
    validFrom: validFrom === undefined ? before.validFrom : validFrom,
    validTo: validTo === undefined ? before.validTo : validTo,
  };
}

/** The first required field that is absent or null, as a flaw. */
export function missingFlaw(required: readonly string[], meta: Entry['meta']): FieldFlaw | null {
  const missing = required.find(name => (meta.get(name) ?? null) === null);
  return missing === undefined
    ? null
    : { code: 'missing-field', field: missing, detail: `field ${missing} is required` };
}
