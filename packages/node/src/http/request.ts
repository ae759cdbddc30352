import type { Params, Route } from '@qifeng/core';
import type { FastifyRequest } from 'fastify';
import type { Call, Later, RequestBody } from './call.ts';
import { HttpProblem } from './problem.ts';

/** The path of a route as Fastify writes it. */
export function routerPath(route: Route): string {
  return route.path.replaceAll(/\{([a-z]+)\}/g, (_, name: string) =>
    route.params[name]!.rest ? '*' : `:${name}`,
  );
}

/** The parameters and the body of a request to `route`; throws `bad-parameter` on anything but what its data allow. */
export function readCall(route: Route, request: FastifyRequest, later: Later): Call<Route> {
  const path = request.params as Readonly<Record<string, string | undefined>>;
  const query = request.query as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(query))
    if (!Object.hasOwn(route.query, name))
      throw HttpProblem.of('bad-parameter', `${route.path} has no query parameter ${name.slice(0, 64)}`);
  const texts = Object.entries(route.params).map(
    ([name, { rest }]) => [name, path[rest ? '*' : name]] as const,
  );
  return {
    params: values(route.params, Object.fromEntries(texts)),
    query: values(route.query, query),
    headers: values(route.headers ?? {}, request.headers),
    body: (request.body as RequestBody | undefined) ?? null,
    later,
  };
}

function values(params: Params, texts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(params)) {
    const text = texts[name];
    if (text === undefined) continue;
    const value = typeof text === 'string' ? param.parse(text) : null;
    if (value === null) throw HttpProblem.of('bad-parameter', `${name}: expected ${param.what}`);
    found[name] = value;
  }
  return found;
}
