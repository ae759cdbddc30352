import type { Json } from '../encoding/json-text.ts';
import { HTTP_ERRORS } from './errors.ts';
import type { JsonSchema } from './json-codec.ts';
import type { Params } from './param.ts';
import { type Body, COMMON_ERRORS, type Route } from './route.ts';
import { problemView } from './submission-views.ts';

/** The OpenAPI 3.1 document of `routes`; schemas with a title become components. */
export function openApiDocument(routes: Readonly<Record<string, Route>>, version: string): Json {
  const schemas: Record<string, Json> = {};
  const hoist = (json: Json): Json => hoisted(json, schemas);
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries(routes)) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operation(name, route, hoist);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Qifeng 骑缝',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      summary: 'The public interface of one node of a consortium ledger.',
    },
    paths,
    components: { schemas },
  };
}

function operation(name: string, route: Route, hoist: (json: Json) => Json): Json {
  return {
    operationId: name,
    summary: route.what,
    tags: [route.tag],
    parameters: [
      ...parameters('path', route.params),
      ...parameters('query', route.query),
      ...parameters('header', route.headers ?? {}),
    ],
    ...(route.takes === undefined
      ? {}
      : { requestBody: { required: true, content: hoist(contentOf(Object.entries(route.takes))) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, body]) => [
          status,
          { description: route.what, content: hoist(contentOf([schemaOf(body)])) },
        ]),
      ),
      ...problems(route, hoist),
    },
  };
}

function parameters(where: 'path' | 'query' | 'header', params: Params): Json[] {
  return Object.entries(params).map(([name, { schema, what }]) => ({
    name,
    in: where,
    required: where === 'path',
    description: what,
    schema,
  }));
}

function schemaOf(body: Body): readonly [string, JsonSchema] {
  if (body.kind === 'json') return ['application/json', body.view.schema];
  // OpenAPI 3.1 has no schema for the events of a stream: what each one's data are.
  if (body.kind === 'events') return ['text/event-stream', body.view.schema];
  return [
    body.mediaType,
    body.mediaType.startsWith('text/') ? { type: 'string' } : { type: 'string', format: 'binary' },
  ];
}

function contentOf(schemas: readonly (readonly [string, JsonSchema])[]): JsonSchema {
  return Object.fromEntries(schemas.map(([type, schema]) => [type, { schema }]));
}

function problems(route: Route, hoist: (json: Json) => Json): Record<string, Json> {
  const codes = new Map<number, string[]>();
  for (const code of [...route.errors, ...COMMON_ERRORS]) {
    const { status } = HTTP_ERRORS[code];
    codes.set(status, [...(codes.get(status) ?? []), code]);
  }
  const content = hoist(contentOf([['application/problem+json', problemView.schema]]));
  return Object.fromEntries(
    [...codes].map(([status, names]) => [String(status), { description: names.join(', '), content }]),
  );
}

/** `json` with every schema that has a title moved to `schemas` and referred to. */
function hoisted(json: Json, schemas: Record<string, Json>): Json {
  if (Array.isArray(json)) return json.map((item: Json) => hoisted(item, schemas));
  if (typeof json !== 'object' || json === null) return json;
  const members = Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, hoisted(value, schemas)]),
  );
  const { title } = members;
  if (typeof title !== 'string' || (members['type'] === undefined && members['anyOf'] === undefined))
    return members;
  schemas[title] = members;
  return { $ref: `#/components/schemas/${title}` };
}
