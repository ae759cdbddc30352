import { type Alteration, type Enrolment, rolesToTexts, toHex } from '@qifeng/core';
import type { Content } from '../../members/proposal.ts';
import type { membersMessages } from './messages.ts';

type Words = ReturnType<typeof membersMessages>;
type Wanted = { readonly home: string } & (Enrolment | Alteration);

/** Publishers that changes enrol or alter, each with its home member. */
export function publishersIn(contents: readonly Content[]): readonly Wanted[] {
  return contents.flatMap(({ change }) =>
    'home' in change
      ? [...change.enrolled, ...change.altered].map(one => ({ home: change.home, ...one }))
      : [],
  );
}

/** A publisher for programs: null for what stays as it is, and for the name of one that is enrolled already. */
export function publisherJson(one: Wanted) {
  const { id, home, keys, roles, quota } = one;
  const enrolled = 'name' in one;
  return {
    ...{ id, home, name: enrolled ? one.name : null, status: enrolled ? 'active' : one.status },
    ...{ keys, roles: roles && rolesToTexts(roles), quota },
  };
}

/** What approvers are asked to agree to about a publisher, on a line of its own. */
export function publisherRow(one: Wanted, words: Words): readonly [string, string] {
  const { id, home, keys, roles, quota } = one;
  const parts = [
    ...('name' in one ? [words.enrols, one.name] : [one.status && words[one.status]]),
    words.homeOf(home),
    keys && words.keys(keys.map(toHex).join(' ')),
    roles && words.roles(rolesToTexts(roles).join(' ')),
    quota === null ? null : words.quota(quota),
  ];
  return [id, parts.filter(part => part !== null).join(' · ')];
}
