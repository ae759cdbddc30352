import type { Json } from '../encoding/json-text.ts';
import { type JsonCodec, jsonBoolean, jsonObject, jsonOneOf } from './json-codec.ts';
import { json, type Route } from './route.ts';

const none = {};
const anyView: JsonCodec<Json> = { schema: {}, toJson: value => value, fromJson: value => value };

/** The routes by which a node is watched, and by which programs learn the others. */
export const OPERATIONS_ROUTES = {
  metrics: {
    method: 'GET',
    path: '/metrics',
    tag: 'operations',
    what: 'Metrics in the text format of Prometheus.',
    params: none,
    query: none,
    responses: { 200: { kind: 'raw', mediaType: 'text/plain; version=0.0.4; charset=utf-8' } },
    errors: [],
    cache: 'none',
  },
  health: {
    method: 'GET',
    path: '/healthz',
    tag: 'operations',
    what: 'That the process answers.',
    params: none,
    query: none,
    responses: { 200: json(jsonObject('Health', { status: jsonOneOf('ok') })) },
    errors: [],
    cache: 'none',
  },
  ready: {
    method: 'GET',
    path: '/readyz',
    tag: 'operations',
    what: 'That the node is connected to a quorum and caught up.',
    params: none,
    query: none,
    responses: { 200: json(jsonObject('Ready', { ready: jsonBoolean })) },
    errors: ['not-ready'],
    cache: 'none',
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    tag: 'operations',
    what: 'This interface as an OpenAPI 3.1 document.',
    params: none,
    query: none,
    responses: { 200: json(anyView) },
    errors: [],
    cache: 'revalidate',
  },
} as const satisfies Readonly<Record<string, Route>>;
