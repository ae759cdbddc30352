import {
  type Entry,
  encode,
  entryCodec,
  equalBytes,
  type MetaValue,
  type VerifiedReceipt,
} from '@qifeng/core';
import { type EntryPlan, typedId } from './entries.ts';
import type { StampFlags } from './flags.ts';

/** What a command names of the record that it asks for. */
export type Named = Pick<StampFlags, 'profile' | 'action' | 'subject'>;

/**
 * Whether a receipt that stands beside a file is of the record that is asked for: by the same publisher, and with the profile,
 * action, subject, fields and origin that the command names. What it leaves to defaults may be otherwise in the receipt.
 */
export function isAsked({ leaf, disclosed }: VerifiedReceipt, named: Named, plan: EntryPlan): boolean {
  const entry = leaf.entry.value;
  const { meta, origin } = disclosed ?? entry;
  const id = typedId(named.subject);
  return (
    leaf.publisher === plan.issuer &&
    (named.profile === undefined || entry.profile === plan.profile) &&
    (named.action === undefined || entry.action === plan.action) &&
    (id === undefined ||
      entry.subject.id === (plan.sealer?.subjectId(entry.profile, plan.issuer, id) ?? id)) &&
    saysSame(entry, { meta: only(meta, plan.meta.keys()), origin: plan.origin && origin }, plan)
  );
}

/** The fields of these names. */
function only(meta: Entry['meta'], names: Iterable<string>): Map<string, MetaValue> {
  return new Map([...names].flatMap(name => (meta.has(name) ? [[name, meta.get(name)!] as const] : [])));
}

type Said = Pick<Entry, 'meta' | 'origin'>;

function saysSame(entry: Entry, one: Said, other: Said): boolean {
  const bytes = ({ meta, origin }: Said) => encode(entryCodec, { ...entry, meta, origin });
  return equalBytes(bytes(one), bytes(other));
}
