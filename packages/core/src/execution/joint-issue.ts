import { equalBytes } from '../encoding/bytes.ts';
import type { Entry } from '../records/entry.ts';
import { COUNTERSIGN } from '../records/profile-flaw.ts';
import type { PublisherValue, SubjectValue } from '../records/state.ts';
import type { EntryFlaw } from './check-fields.ts';
import type { ActionRules, ProfileRules } from './profile-rules.ts';
import type { WorkingState } from './working-state.ts';

/** True iff an action is the countersignature of a joint issue (联合发文). */
export function isCountersign({ awaiting }: ProfileRules, action: string): boolean {
  return awaiting !== null && action === COUNTERSIGN;
}

/** What is wrong with the issuers that an entry names besides its own publisher, or null; its fields were checked. */
export function issuersFlaw(
  state: WorkingState,
  rules: ActionRules,
  entry: Entry,
  publisher: string,
): EntryFlaw | null {
  const named = issuersOf(rules, entry);
  if (named.includes(publisher))
    return {
      code: 'bad-field',
      detail: `field ${rules.issuers} names ${publisher}, which signs this record`,
    };
  const unknown = named.find(id => !maySign(state.publisher(id).value, entry.profile));
  return unknown === undefined
    ? null
    : {
        code: 'unknown-issuer',
        detail: `${unknown} is not enrolled for this profile and could never countersign`,
      };
}

/** Whether a publisher may act on the subjects of others in a profile; none of its roles listed: in every one. */
function maySign(publisher: PublisherValue | null, profile: string): boolean {
  if (publisher === null) return false;
  const { roles } = publisher;
  return roles.length === 0 || roles.some(role => role.profile === profile && role.role !== 'supervisor');
}

/** What speaks against a countersignature by this publisher, or null: it is not awaited, or signs another file. */
export function countersignFlaw(
  { digest }: Entry,
  publisher: string,
  { awaiting, digest: current }: SubjectValue,
): EntryFlaw | null {
  if (!awaiting.includes(publisher))
    return { code: 'not-awaited', detail: `${publisher} is not among those who have yet to countersign` };
  if (digest === null) return null; // digest-required says so
  return current !== null && current.alg === digest.alg && equalBytes(current.hash, digest.hash)
    ? null
    : { code: 'digest-mismatch', detail: 'the file is another than the one the issuer signed' };
}

/** State of the subject, and who has yet to countersign, after an entry that nothing speaks against. */
export function jointStanding(
  rules: ProfileRules,
  action: ActionRules,
  entry: Entry,
  publisher: string,
  before: SubjectValue | null,
): Pick<SubjectValue, 'state' | 'awaiting'> {
  const { awaiting: waits } = rules;
  const { to, name } = action.action;
  const left = isCountersign(rules, name)
    ? (before?.awaiting ?? []).filter(id => id !== publisher)
    : issuersOf(action, entry);
  return waits !== null && left.length > 0 ? { state: waits, awaiting: left } : { state: to, awaiting: [] };
}

function issuersOf({ issuers }: ActionRules, { meta }: Entry): readonly string[] {
  const named = issuers === null ? null : meta.get(issuers);
  return Array.isArray(named) ? (named as readonly string[]) : [];
}
