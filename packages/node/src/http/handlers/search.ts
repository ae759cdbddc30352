import { profileCodec, publisherValueCodec, ROUTES, type Routes, type SearchCursor } from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import { chinaDate, dateOf, numberOf, recordedDate, titleOf } from '../../search/document.ts';
import { type Found, MAX_GROWTH, search } from '../../search/search.ts';
import type { Handlers } from '../call.ts';
import { HttpProblem } from '../problem.ts';
import { asOf, standingOf, stateValue } from '../state.ts';

const PAGE = 64;

/** Answers to searches. */
export function searchHandlers(service: NodeService): Handlers<Pick<Routes, 'search'>> {
  const { ledger } = service;
  const names = {
    profile: (name: string) => stateValue(service, profileCodec, 'profile', name),
    publisher: (code: string) => stateValue(service, publisherValueCodec, 'publisher', code)?.name ?? null,
  };
  return {
    search: ({ query: { q, cursor, at, limit = PAGE, ...asked } }) => {
      const size = ledger.head()?.size ?? 0;
      const walk = cursor ?? { size, before: size, at: at ?? chinaDate(Date.now()) };
      requireWalk(walk, size, at ?? walk.at);
      const { number, issuer, region, profile, state, standing, digest, from, to, records } = asked;
      const question = {
        text: q ?? null,
        number: number ?? null,
        issuer: issuer ?? null,
        region: region ?? null,
        profile: profile ?? null,
        state: state ?? null,
        standing: standing ?? null,
        digest: digest ?? null,
        from: from ?? null,
        to: to ?? null,
        records: records ?? 'last',
      } as const;
      const { found, next } = search(ledger, question, walk, limit, names);
      const value = {
        results: found.map(one => resultOf(service, one)),
        next: next && ROUTES.search.query.cursor.format(next),
        at: walk.at,
        covers: { from: ledger.base()?.size ?? 0, to: walk.size },
        asOf: asOf(service),
      };
      return { status: 200, value };
    },
  };
}

function resultOf(service: NodeService, { index, leaf, title, number, verdict }: Found) {
  const entry = leaf.entry.value;
  return {
    index,
    leaf,
    title: titleOf(title.entry.value),
    number: numberOf(number.entry.value),
    date: dateOf(entry) ?? dateOf(title.entry.value) ?? recordedDate(title),
    standing: standingOf(service, { profile: entry.profile, ...entry.subject }),
    verdict,
  };
}

/** Refuses a walk that began on a longer log than this one, so long ago that it would take too long to go on, or that judges another day. */
function requireWalk(walk: SearchCursor, size: number, at: string): void {
  if (walk.size > size)
    throw HttpProblem.of('bad-cursor', `it is of a log of ${walk.size} records, this node has ${size}`);
  if (size - walk.size > MAX_GROWTH)
    throw HttpProblem.of('bad-cursor', `${size - walk.size} records have come since the search began`);
  if (walk.at !== at) throw HttpProblem.of('bad-cursor', `the search judges ${walk.at}, not ${at}`);
}
