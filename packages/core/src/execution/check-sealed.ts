import type { Entry } from '../records/entry.ts';
import { isCommitment, isSealedId, ORIGIN_PLACE, sealedTarget } from '../records/sealed.ts';
import { type EntryFlaw, missingFlaw } from './check-fields.ts';
import { missingLink } from './check-links.ts';
import type { ActionRules } from './profile-rules.ts';

/**
 * What is wrong with the form of an entry of a sealed profile, or null: nobody here can open its commitments, so that all
 * there is to see is that nothing is in the open, and that what the action needs is there.
 */
export function sealedFlaw(rules: ActionRules, entry: Entry): EntryFlaw | null {
  const { action, fields, required } = rules;
  const { subject, meta, links, origin } = entry;
  if (!isSealedId(subject.id)) return open('the subject id of a sealed record is 64 hex digits');
  if (origin !== null) return open(`the origin of a sealed record is a commitment in meta ${ORIGIN_PLACE}`);
  for (const [name, value] of meta) {
    if (name !== ORIGIN_PLACE && !fields.has(name))
      return { code: 'unknown-field', detail: `action ${action.name} has no field ${name}` };
    if (!isCommitment(value))
      return {
        code: 'bad-field',
        detail: `field ${name} of a sealed profile must be a commitment of 32 bytes`,
      };
  }
  for (const [i, link] of links.entries()) {
    if (!action.links.some(({ rel }) => rel === link.rel))
      return {
        code: 'link-not-allowed',
        detail: `link ${i}: action ${action.name} has no relation ${link.rel}`,
      };
    if (sealedTarget(subject, link) === null)
      return open(`link ${i} of a sealed record names its own issuer, a commitment in hex and index 0`);
  }
  const missing = missingLink(action.links, entry);
  return missing === null
    ? missingFlaw(required, meta)
    : { code: 'missing-link', detail: `action ${action.name} needs a link ${missing}` };
}

function open(detail: string): EntryFlaw {
  return { code: 'not-sealed', detail };
}
