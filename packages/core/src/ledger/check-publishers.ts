import { type Fault, ok, type Result, refuse } from '../encoding/result.ts';
import type { Approvals } from '../records/approvals.ts';
import type { Entry } from '../records/entry.ts';
import { organisationNameFlaw } from '../records/organisation-name.ts';
import {
  type PublisherChange,
  publisherChangeCodec,
  publishersSubject,
} from '../records/publisher-change.ts';
import type { Roles } from '../records/roles.ts';
import type { EpochValue, PublisherValue } from '../records/state.ts';
import { approvalBytes } from '../records/vote-bytes.ts';
import { type CarriedContext, readCarried } from './check-carried.ts';
import { approvalsFlaw } from './check-membership.ts';

/** What a change of publishers is judged by beside the sets. */
export interface PublishersContext extends CarriedContext {
  publisher(id: string): PublisherValue | null;
  hasProfile(name: string): boolean;
  /** Publishers that earlier entries of the same submission change; the check adds those of its own. */
  readonly named: Set<string>;
}

/**
 * The change of publishers in a governance entry by `publisher`, if everything about it is in order. Keys are not looked at:
 * one that cannot sign does no harm, as `verifySubmission` asks about the key of each submission, and asking takes 0.7 ms
 * (measured); whoever approves asks. Faults: `governance-malformed`, `governance-epoch`, `governance-members` (a home that is
 * no member), `governance-publishers`, `personal-data`, `secret-document`, `governance-approvals`.
 */
export function checkPublishers(
  entry: Entry,
  publisher: string,
  context: PublishersContext,
): Result<PublisherChange> {
  const { hasher } = context.suite;
  const read = readCarried(
    entry,
    publisher,
    publisherChangeCodec,
    (_, bytes) => publishersSubject(publisher, bytes, hasher).id,
    context,
  );
  if (!read.ok) return read;
  const { change, changeBytes, approvals } = read.value;
  const flaw =
    publishersFlaw(change, context) ??
    homeApprovalsFlaw(changeBytes, approvals, change.home, context.set(context.epoch), context);
  if (flaw !== null) return { ok: false, fault: flaw };
  for (const { id } of [...change.enrolled, ...change.altered]) context.named.add(id);
  return ok(change);
}

/**
 * What speaks against a change of publishers as they stand, whoever approves it, or null. Faults: `governance-members`,
 * `governance-publishers`, `personal-data`, `secret-document`.
 */
export function publishersFlaw(
  { home, enrolled, altered }: PublisherChange,
  context: Pick<PublishersContext, 'member' | 'publisher' | 'hasProfile' | 'named'>,
): Fault | null {
  const bad = (detail: string) => refuse('governance-publishers', detail).fault;
  if (context.member(home) === null)
    return refuse('governance-members', `${home} is no member of this chain`).fault;
  const twice = [...enrolled, ...altered].find(({ id }) => context.named.has(id));
  if (twice !== undefined) return bad(`${twice.id} is changed twice in one submission`);
  const unknown = (id: string, roles: Roles | null) => {
    const missing = roles?.find(({ profile }) => !context.hasProfile(profile));
    return missing === undefined ? null : bad(`${id} would act in ${missing.profile}, which is no profile`);
  };
  for (const { id, name, roles } of enrolled) {
    if (context.publisher(id) !== null) return bad(`${id} is enrolled already`);
    const flaw = organisationNameFlaw(id, name) ?? unknown(id, roles);
    if (flaw !== null) return flaw;
  }
  for (const { id, after, roles } of altered) {
    const value = context.publisher(id);
    if (value === null) return bad(`${id} is not enrolled`);
    if (value.home !== home) return bad(`${id} is at home with ${value.home}, not ${home}`);
    if (value.changed !== after)
      return bad(
        `${id} was last changed by record ${value.changed ?? 'none'}, approved after ${after ?? 'none'}`,
      );
    const flaw = unknown(id, roles);
    if (flaw !== null) return flaw;
  }
  return null;
}

/** The home member alone decides while it is a validator; whatever its standing, a quorum may. */
function homeApprovalsFlaw(
  changeBytes: Uint8Array,
  approvals: Approvals,
  home: string,
  set: EpochValue,
  context: PublishersContext,
): Fault | null {
  const [own, ...others] = approvals;
  const validator = set.validators.find(({ code }) => code === home);
  if (own === undefined || own[0] !== home || others.length > 0 || validator === undefined)
    return approvalsFlaw(changeBytes, approvals, set, context);
  const { genesis, epoch, suite } = context;
  const message = approvalBytes(genesis, epoch, suite.hasher.digest(changeBytes));
  if (suite.verifier.verify(validator.key, message, own[1])) return null;
  return refuse('governance-approvals', `the approval of ${home} does not verify`).fault;
}
