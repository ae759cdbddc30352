import { type Carried, list, oneOf, record, refined } from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { identifier } from './names.ts';

/** What a publisher may do in a profile. */
export const ROLES = ['issuer', 'actor', 'supervisor'] as const;

/** Roles by profile, one of a kind each. */
export const rolesCodec = refined(list(record({ profile: identifier, role: oneOf(...ROLES) }), 64), roles =>
  roles.every(({ profile, role }, i) => {
    const before = roles[i - 1];
    return before === undefined || `${before.profile} ${before.role}` < `${profile} ${role}`;
  })
    ? null
    : 'roles out of order or given twice',
);
/**
 * What a publisher may do, by profile and role in ascending order: an issuer begins subjects under its own name and acts as the
 * profile lets it; an actor acts on the subjects of others; a supervisor takes the actions that are the home member's, for
 * issuers of its own home member. None at all: issuer in every profile.
 */
export type Roles = Carried<typeof rolesCodec>;

/** Roles as texts `profile` (issuer) or `profile:role`, as files and commands have them; in order. Fault: `bad-role`. */
export function rolesFromTexts(texts: readonly string[]): Result<Roles> {
  const roles = [];
  for (const text of texts) {
    const [profile = '', name = 'issuer', ...more] = text.split(':');
    const role = ROLES.find(one => one === name);
    if (profile === '' || role === undefined || more.length > 0)
      return refuse(
        'bad-role',
        `${text}: expected PROFILE or PROFILE:ROLE, a role is one of ${ROLES.join(', ')}`,
      );
    roles.push({ profile, role });
  }
  const sorted = roles.sort((a, b) => (`${a.profile} ${a.role}` < `${b.profile} ${b.role}` ? -1 : 1));
  return ok(
    sorted.filter(
      ({ profile, role }, i) => profile !== sorted[i - 1]?.profile || role !== sorted[i - 1]!.role,
    ),
  );
}

/** Roles as `rolesFromTexts` reads them. */
export function rolesToTexts(roles: Roles): string[] {
  return roles.map(({ profile, role }) => (role === 'issuer' ? profile : `${profile}:${role}`));
}
