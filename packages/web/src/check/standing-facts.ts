import type { Inbound, Names } from '@qifeng/client';
import {
  askedText,
  digestText,
  isStatus,
  judgeShown,
  subjectText,
  type VerifiedReceipt,
  type VerifiedStatus,
  verdictOf,
} from '@qifeng/core';
import type { StandingFacts } from './facts.ts';
import { cosignerFacts, profileIn, publisherFacts, recordFacts, same } from './record-facts.ts';

/**
 * What the page shows of a verified status proof, by the clock `now`, in ms. `held` are verified records: the dates that the
 * latest of its subject shows are looked at, too. `inbound` is what other records say of it, where that was asked for.
 */
export function standingFacts(
  status: VerifiedStatus,
  names: Names,
  now: number,
  held: readonly VerifiedReceipt[] = [],
  inbound: Inbound | null = null,
): StandingFacts {
  const { asked, asOf, checkpoint, cosigners, validators, last } = status;
  return {
    about: askedText(asked),
    asOf,
    age: Math.max(0, now - asOf),
    height: checkpoint.height,
    size: checkpoint.size,
    cosigners: cosignerFacts(cosigners, names.chain),
    of: validators,
    last: last && recordFacts(last, names, now),
    inbound: inbound && {
      complete: inbound.complete,
      links: inbound.links.map(({ rel, profile, subject, index, title, publisher, unsigned }) => ({
        ...{ rel, index, title },
        subject: subjectText({ profile, subject }),
        publisher: publisherFacts(publisher, names),
        unsigned: unsigned.map(id => publisherFacts(id, names)),
      })),
    },
    holds: holdsOf(status, names, now, held),
  };
}

function holdsOf(
  status: VerifiedStatus,
  names: Names,
  now: number,
  held: readonly VerifiedReceipt[],
): StandingFacts['holds'] {
  if (isStatus(status, 'digest')) return { kind: 'digest', value: status.value };
  if (isStatus(status, 'publisher')) {
    const { value } = status;
    return {
      kind: 'publisher',
      value: value && { name: value.name, status: value.status, records: value.seq },
    };
  }
  const { asked, value, last, asOf } = status as VerifiedStatus<'subject'>;
  const profile = profileIn(names, asked.profile);
  const standing = verdictOf(value, last?.leaf ?? null, profile, asOf);
  const record = recordOf(asked, held) ?? last;
  const { verdict, undisclosed } = judgeShown(standing, record, profile, value?.head ?? null, now);
  const { word, inForce, next, by } = verdict;
  const state =
    value && (profile?.states.find(({ name }) => name === value.state)?.title ?? same(value.state));
  return {
    kind: 'subject',
    word,
    inForce,
    undisclosed,
    next,
    state,
    by: by.map(({ rel, subject: { issuer, id }, index }) => ({ rel, subject: `${issuer}/${id}`, index })),
    validFrom: value?.validFrom ?? null,
    validTo: value?.validTo ?? null,
    awaiting: value?.awaiting ?? [],
    owner: value && publisherFacts(value.owner, names),
    version: value?.version ?? 0,
    digest: value?.digest ? digestText(value.digest) : null,
  };
}

/** The latest record of a subject that opens something, else the latest. */
function recordOf(
  { profile, subject }: VerifiedStatus<'subject'>['asked'],
  held: readonly VerifiedReceipt[],
): VerifiedReceipt | undefined {
  const about = subjectText({ profile, subject });
  const records = held
    .filter(({ leaf }) => subjectText(leaf.entry.value) === about)
    .toSorted((a, b) => a.index - b.index);
  return records.findLast(({ disclosed }) => disclosed !== null) ?? records.at(-1);
}
