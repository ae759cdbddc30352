import {
  type BodyValue,
  type Entry,
  type Genesis,
  httpError,
  type Problem,
  problemView,
  type Route,
  readJson,
} from '@qifeng/core';
import { PUBLISHER, unwrap } from '../../../../../tests/fixtures/builder.ts';
import type { HttpLimits } from '../limits.ts';
import { createHttpServer, type HttpServer } from '../server.ts';
import { type SoloNode, soloNode } from './solo-node.ts';

/** A node with its server listening on loopback. */
export interface Served extends SoloNode {
  readonly server: HttpServer;
  readonly url: string;
  /** What was logged. */
  readonly logged: { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[];
  /** A request to a path from the server's root. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  post(body: Uint8Array | string, query?: string, type?: string): Promise<Response>;
}

/** Starts a node and serves it on a free port. */
export async function serveSolo(
  limits: Partial<HttpLimits> = {},
  code?: string,
  genesis?: Genesis,
): Promise<Served> {
  const node = await soloNode(code, genesis);
  const logged: Served['logged'] = [];
  const log = {
    error: (fields: Readonly<Record<string, unknown>>, message: string) =>
      void logged.push({ fields, message }),
  };
  const server = createHttpServer({ service: node.service, log, limits });
  const url = await server.listen('127.0.0.1', 0);
  const ask = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, init);
  return {
    ...node,
    server,
    url,
    logged,
    ask,
    post: (body, query = '', type = typeof body === 'string' ? 'application/json' : 'application/cbor') =>
      ask(`/v1/submissions${query}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      }),
    close: async () => {
      await server.close();
      await node.close();
    },
  };
}

/** The value of a successful answer, read as a client reads it. */
export async function readValue<R extends Route, S extends keyof R['responses']>(
  route: R,
  status: S,
  response: Response,
): Promise<BodyValue<R['responses'][S]>> {
  if (response.status !== status) throw new Error(`${response.status}: ${await response.text()}`);
  const body = route.responses[status as number]!;
  if (body.kind === 'raw')
    return new Uint8Array(await response.arrayBuffer()) as BodyValue<R['responses'][S]>;
  return unwrap(readJson(body.view, await response.text())) as BodyValue<R['responses'][S]>;
}

/** The problem in an answer that is one: the right media type, status and headers. */
export async function problemIn(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type');
  if (type !== 'application/problem+json') throw new Error(`${response.status} is ${type}`);
  const problem = unwrap(readJson(problemView, await response.text()));
  const { status } = httpError(problem.code, problem.retryAfter);
  const retry = response.headers.get('retry-after');
  if (
    problem.status !== response.status ||
    problem.status !== status ||
    String(problem.retryAfter) !== String(retry)
  )
    throw new Error(`inconsistent problem: ${JSON.stringify(problem)} as ${response.status}, ${retry}`);
  return problem;
}

/** An `open` of a subject of the publisher with the digest 01 01 …, but for what is given. */
export function note(id: string, over: Partial<Entry> = {}): Entry {
  return {
    profile: 'note',
    action: 'open',
    subject: { issuer: PUBLISHER, id },
    digest: { alg: 'sha256', hash: new Uint8Array(32).fill(1) },
    prev: null,
    links: [],
    meta: new Map(),
    origin: null,
    ...over,
  };
}
