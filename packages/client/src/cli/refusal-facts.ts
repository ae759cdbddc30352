import { type Entry, type FieldFlaw, NO_STATE, type Profile, type ProfileAction } from '@qifeng/core';
import { fieldsFlaw, profileRules } from '@qifeng/core/execution';
import type { Names } from '../register/register.ts';
import { publisherText } from './describe.ts';
import { formatText } from './fault-words/field-formats.ts';
import type { RefusalFacts } from './fault-words/refusals.ts';

/** A subject's state by its Chinese title. */
export function stateTitle(profile: Profile | undefined, state: string): string {
  if (state === NO_STATE) return quoted('尚无记录');
  return quoted(profile?.states.find(({ name }) => name === state)?.title.zh ?? state);
}

/**
 * What is known here of an entry that the ledger refused with `code`: its profile's titles, and which field is at fault, by the
 * ledger's own rules. `state` is what a node says of its subject, null where none was asked.
 */
export function refusalFacts(
  entry: Entry,
  code: string,
  state: string | null,
  names: Names | null,
): RefusalFacts {
  const profile = names?.profile(entry.profile)?.profile;
  const action = profile?.actions.find(({ name }) => name === entry.action);
  const flaw = profile === undefined ? null : fieldAtFault(entry, code, profile);
  const field = action?.fields.find(({ name }) => name === flaw?.field);
  const { issuer } = entry.subject;
  const titles = (list: readonly Titled[] = []) => list.map(titled).join('、');
  return {
    profile: profile === undefined ? quoted(entry.profile) : titled(profile),
    action: action === undefined ? quoted(entry.action) : titled(action),
    issuer: ` ${publisherText(issuer, names)} `,
    state: state === null ? null : stateTitle(profile, state),
    from: (action?.from ?? []).map(name => stateTitle(profile, name)).join('、'),
    field: flaw === null ? null : titled(field ?? { name: flaw.field, title: null }),
    format: field === undefined ? null : formatText(field, 'zh'),
    actions: titles(profile?.actions),
    fields: titles(action?.fields),
    relations: relationsOf(action),
  };
}

type Titled = { readonly name: string; readonly title: { readonly zh: string } | null };

/** The title with the name that is typed for it. */
function titled({ name, title }: Titled): string {
  return title === null ? quoted(name) : `${quoted(title.zh)}（${name}）`;
}

function quoted(text: string): string {
  return `“${text}”`;
}

/** The field that the ledger's own rules find at fault with the same code. */
function fieldAtFault(entry: Entry, code: string, profile: Profile): FieldFlaw | null {
  const rules = profileRules(profile).actions.get(entry.action);
  if (rules === undefined || profile.privacy === 'sealed') return null;
  const flaw = fieldsFlaw(rules, entry);
  return flaw?.code === code && 'field' in flaw ? flaw : null;
}

function relationsOf(action: ProfileAction | undefined): string {
  const links = action?.links ?? [];
  return [...new Set(links.map(({ rel, required }) => `${rel}${required ? '（必需）' : ''}`))].join('、');
}
