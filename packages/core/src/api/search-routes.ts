import { limitParam } from './page.ts';
import { subjectParams, uintParam } from './param.ts';
import { json, type Route } from './route.ts';
import { searchParams } from './search-params.ts';
import { searchPageView, subjectGraphView } from './search-views.ts';

/** The routes that find records by what they say and by what they are linked with. */
export const SEARCH_ROUTES = {
  graph: {
    method: 'GET',
    path: '/v1/subjects/{profile}/{issuer}/{id}/graph',
    tag: 'records',
    what: 'A subject with those it is linked with, in either direction: what it replaced, and what replaced it.',
    params: subjectParams,
    query: {
      depth: uintParam('links between it and the others at most, 2 unless given', 1, 8),
      limit: limitParam,
    },
    responses: { 200: json(subjectGraphView) },
    errors: ['no-subject', 'not-held'],
    cache: 'revalidate',
  },
  search: {
    method: 'GET',
    path: '/v1/search',
    tag: 'records',
    what: 'Records by words and by what they say, newest first, with where their subjects stand.',
    params: {},
    query: searchParams,
    responses: { 200: json(searchPageView) },
    errors: ['bad-cursor'],
    cache: 'revalidate',
  },
} as const satisfies Readonly<Record<string, Route>>;
