import type { Routes, SearchCursor } from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import { dateOf, numberOf, recordedDate, titleOf } from '../../search/document.ts';
import { type Found, MAX_GROWTH, search } from '../../search/search.ts';
import type { Handlers } from '../call.ts';
import { HttpProblem } from '../problem.ts';
import { asOf, standingOf } from '../state.ts';

const PAGE = 64;

/** Answers to searches. */
export function searchHandlers(service: NodeService): Handlers<Pick<Routes, 'search'>> {
  const { ledger } = service;
  return {
    search: ({ query: { q, cursor, limit = PAGE, ...asked } }) => {
      const size = ledger.head()?.size ?? 0;
      const walk = cursor ?? { size, before: size };
      requireWalk(walk, size);
      const { number, issuer, region, profile, state, digest, from, to, records } = asked;
      const question = {
        text: q ?? null,
        number: number ?? null,
        issuer: issuer ?? null,
        region: region ?? null,
        profile: profile ?? null,
        state: state ?? null,
        digest: digest ?? null,
        from: from ?? null,
        to: to ?? null,
        records: records ?? 'last',
      } as const;
      const { found, next } = search(ledger, question, walk, limit);
      const value = {
        results: found.map(one => resultOf(service, one)),
        next: next === null ? null : `${next.size}-${next.before}`,
        covers: { from: ledger.base()?.size ?? 0, to: walk.size },
        asOf: asOf(service),
      };
      return { status: 200, value };
    },
  };
}

function resultOf(service: NodeService, { index, leaf, title, number }: Found) {
  const entry = leaf.entry.value;
  return {
    index,
    leaf,
    title: titleOf(title.entry.value),
    number: numberOf(number.entry.value),
    date: dateOf(entry) ?? dateOf(title.entry.value) ?? recordedDate(title),
    standing: standingOf(service, { profile: entry.profile, ...entry.subject }),
  };
}

/** Refuses a walk that began on a longer log than this one, or so long ago that it would take too long to go on. */
function requireWalk(walk: SearchCursor, size: number): void {
  if (walk.size > size)
    throw HttpProblem.of('bad-cursor', `it is of a log of ${walk.size} records, this node has ${size}`);
  if (size - walk.size > MAX_GROWTH)
    throw HttpProblem.of('bad-cursor', `${size - walk.size} records have come since the search began`);
}
