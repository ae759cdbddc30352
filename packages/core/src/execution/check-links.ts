import type { Entry, Link } from '../records/entry.ts';
import type { LinkRule, ProfileAction } from '../records/profile.ts';
import type { SubjectValue } from '../records/state.ts';
import type { EntryFlaw } from './check-fields.ts';
import type { WorkingState } from './working-state.ts';

/** A linked subject by one of the rules that allow the relation. */
interface Linked {
  readonly rule: LinkRule;
  readonly subject: SubjectValue;
}

/**
 * What is wrong with an entry's links, or null. They are checked against the state before the submission, so that an index
 * is always one of the log's.
 */
export function linksFlaw(
  state: WorkingState,
  { name, links }: ProfileAction,
  entry: Entry,
): EntryFlaw | null {
  for (const [i, link] of entry.links.entries()) {
    const rules = links.filter(rule => rule.rel === link.rel);
    if (rules.length === 0)
      return flaw('link-not-allowed', `link ${i}: action ${name} has no relation ${link.rel}`);
    const wrong = targetFlaw(linked(state, rules, link), rules, link, i);
    if (wrong !== null) return wrong;
  }
  const missing = missingLink(links, entry);
  if (missing !== null) return flaw('missing-link', `action ${name} needs a link ${missing}`);
  return ownersFlaw(state, links, entry);
}

/** The first relation that an action needs and its entry lacks, or null. */
export function missingLink(rules: readonly LinkRule[], { links }: Entry): string | null {
  return rules.find(rule => rule.required && !links.some(({ rel }) => rel === rule.rel))?.rel ?? null;
}

/** The owner that an entry's links give its subject, null if none does. */
export function linkedOwner(state: WorkingState, { links }: ProfileAction, entry: Entry): string | null {
  return ownersOf(state, links, entry)[0] ?? null;
}

// A relation may be open to several profiles; the first few are enough of a sentence.
function targetFlaw(
  found: readonly Linked[],
  rules: readonly LinkRule[],
  { index }: Link,
  i: number,
): EntryFlaw | null {
  if (found.length === 0) {
    const profiles = rules.slice(0, 4).map(({ profile }) => profile);
    return flaw('unknown-link', `link ${i}: no such subject in profile ${profiles.join(', ')}`);
  }
  const target = found.find(({ subject }) => subject.head === index);
  if (target === undefined) {
    const heads = found.slice(0, 4).map(({ subject }) => subject.head);
    return flaw(
      'stale-link',
      `link ${i}: the last record of its subject is ${heads.join(', ')}, not ${index}`,
    );
  }
  const { states } = target.rule;
  return states.length === 0 || states.includes(target.subject.state)
    ? null
    : flaw(
        'link-state',
        `link ${i}: its subject is ${target.subject.state}, not ${states.slice(0, 8).join(', ')}`,
      );
}

/** Two links must not name two owners. */
function ownersFlaw(state: WorkingState, rules: readonly LinkRule[], entry: Entry): EntryFlaw | null {
  const owners = new Set(ownersOf(state, rules, entry));
  return owners.size > 1
    ? flaw('link-owner', `the links give the subject ${owners.size} owners, it has one`)
    : null;
}

function ownersOf(state: WorkingState, rules: readonly LinkRule[], { links }: Entry): string[] {
  if (!rules.some(({ owner }) => owner)) return [];
  return links.flatMap(link => {
    const own = rules.filter(({ rel }) => rel === link.rel);
    const target = linked(state, own, link).find(({ subject }) => subject.head === link.index);
    return target?.rule.owner ? [target.subject.owner] : [];
  });
}

function linked(state: WorkingState, rules: readonly LinkRule[], { subject }: Link): Linked[] {
  return rules.flatMap(rule => {
    const { value } = state.subject(rule.profile, subject);
    return value === null ? [] : [{ rule, subject: value }];
  });
}

function flaw(code: string, detail: string): EntryFlaw {
  return { code, detail };
}
