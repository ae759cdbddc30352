import { setTimeout as pause } from 'node:timers/promises';
import { invariant, type Reply, ROUTES, type Route } from '@qifeng/core';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import type { NodeService } from '../ports/node-service.ts';
import { type Arrival, admission } from './admission.ts';
import { sendProblem, sendValue } from './answer.ts';
import { takeBodies } from './bodies.ts';
import type { Handler, Later } from './call.ts';
import { connectionsOf } from './connections.ts';
import { eventFeed } from './events/feed.ts';
import { answerBrokenRequest, type HttpLog, problemOf } from './faults.ts';
import type { Place } from './gate.ts';
import { badgeHandlers } from './handlers/badge.ts';
import { eventHandlers } from './handlers/events.ts';
import { graphHandlers } from './handlers/graph.ts';
import { ledgerHandlers } from './handlers/ledger.ts';
import { logHandlers } from './handlers/log.ts';
import { operationsHandlers } from './handlers/operations.ts';
import { recordHandlers } from './handlers/records.ts';
import { searchHandlers } from './handlers/search.ts';
import { submissionHandlers } from './handlers/submissions.ts';
import { verifyHandlers } from './handlers/verify.ts';
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts';
import { httpMetrics } from './metrics.ts';
import { pace } from './pace.ts';
import { HttpProblem } from './problem.ts';
import { readCall, routerPath } from './request.ts';
import { serveSite } from './serve-site.ts';
import type { Site } from './site.ts';

/** What a server is made of. Limits left out are the defaults; metrics go to `registry`. */
export interface HttpServerOptions {
  readonly service: NodeService;
  readonly log: HttpLog;
  readonly limits?: Partial<HttpLimits>;
  readonly registry?: Registry;
  /** Version of the software, for the OpenAPI document. */
  readonly version?: string;
  /** The pages to serve at `/`; none without. */
  readonly site?: Site | undefined;
}

/** The public HTTP interface of a node. */
export interface HttpServer {
  /** Listens and gives the URL; port 0 takes a free one. */
  listen(host: string, port: number): Promise<string>;
  /** Takes no more connections, lets what is under way end, and resolves when all is closed. */
  close(): Promise<void>;
  /** `http://host:port` without a slash at the end; throws before `listen`. */
  readonly url: string;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A server over `service`; it listens when told to. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { service, log, registry = new Registry(), version = '0.1.0' } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const door = admission(limits);
  const turns = pace(limits.turnMs);
  const placeOf = new WeakMap<FastifyRequest, Place>();
  const metrics = httpMetrics(registry, door);
  const feed = eventFeed(service, limits, log);
  const app = emptyServer(limits, log);
  takeBodies(app, limits, {
    routeOf,
    spent: (request, ms) => door.spent(arrivalOf(request, limits), ms),
  });
  const connections = connectionsOf(app.server, limits.connectionsPerAddress);

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    const place = door.enter(arrivalOf(request, limits));
    if (place === null) return;
    placeOf.set(request, place);
    reply.raw.once('close', () => place.release());
    // Its body need not be read for that.
    const full = nameOf(request) === 'submit' ? service.full() : null;
    if (full !== null) throw HttpProblem.refused(full);
  });
  app.addHook('onResponse', async (request, reply) => {
    const seconds = arrivalOf(request, limits).streams ? null : reply.elapsedTime / 1000;
    metrics.answered(nameOf(request) ?? 'none', reply.statusCode, seconds);
  });

  const handlers: Readonly<Record<string, unknown>> = {
    ...submissionHandlers(service, limits),
    ...recordHandlers(service),
    ...ledgerHandlers(service),
    ...searchHandlers(service),
    ...graphHandlers(service),
    ...logHandlers(service),
    ...eventHandlers(service, feed),
    ...badgeHandlers(service),
    ...verifyHandlers(service),
    ...operationsHandlers(service, () => registry.metrics(), version),
  };
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    const handler = handlers[name] as Handler<Route> | undefined;
    invariant(handler !== undefined, `the route ${name} has a handler`);
    serve(app, name, route, async (request, reply) => {
      // Whoever hangs up while the node waits keeps the place until the node waits no more.
      const place = placeOf.get(request);
      place?.hold();
      const arrival = arrivalOf(request, limits);
      const later: Later = async work => {
        for (let ms = door.wait(arrival); ms > 0; ms = door.wait(arrival)) await pause(ms);
        return turns.run(work, spent => door.spent(arrival, spent));
      };
      const answer = ({ status, value }: Reply<Route>): Promise<FastifyReply> => {
        const body = route.responses[status];
        invariant(body !== undefined, `the route ${name} has a body for ${status}`);
        const { hasher } = service.suite;
        return sendValue(request, reply, hasher, { status, value, body, cache: route.cache });
      };
      try {
        // Submissions have quotas of their publishers, and take their time later.
        if (name === 'submit')
          return await answer(await turns.run(() => handler(readCall(route, request, later))));
        return await turns.run(
          () => {
            const replied = handler(readCall(route, request, later));
            return replied instanceof Promise ? replied.then(answer) : answer(replied);
          },
          ms => door.spent(arrival, ms),
        );
      } catch (error) {
        if (error instanceof HttpProblem && error.isEarlyRefusal) door.refused(arrival);
        throw error;
      } finally {
        place?.release();
      }
    });
  }

  if (options.site !== undefined) serveSite(app, options.site, service.suite.hasher);

  let url: string | null = null;
  return {
    listen: async (host, port) => {
      url = await app.listen({ host, port });
      return url;
    },
    close: () => {
      feed.close();
      const closed = app.close();
      connections.endSilent();
      return closed;
    },
    get url() {
      invariant(url !== null, 'the server listens');
      return url;
    },
  };
}

/** A server with its limits, and every error as a problem document. */
function emptyServer(limits: HttpLimits, log: HttpLog): FastifyInstance {
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    sendProblem(request, reply, problemOf(error, log));
  const app = Fastify({
    logger: false,
    return503OnClosing: false,
    bodyLimit: limits.cborBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.idleMs,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      // Node looks for late requests every 30 s unless told to look more often.
      connectionsCheckingInterval: Math.min(1000, limits.headersMs, limits.requestMs),
    },
    // A subject's id of 256 bytes is three times as long in a path.
    routerOptions: { maxParamLength: 1024 },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: fail,
  });
  app.server.maxConnections = limits.connections;
  app.setErrorHandler(fail);
  app.setNotFoundHandler(request => {
    throw HttpProblem.of('no-route', `nothing is at ${request.url.split('?')[0]!.slice(0, 256)}`);
  });
  return app;
}

/** What is known of a request before its body; one of unknown length may be as long as any. */
function arrivalOf(request: FastifyRequest, limits: HttpLimits): Arrival {
  const { headers, ip } = request;
  const length = Number(headers['content-length'] ?? Number.NaN);
  const hasBody = length > 0 || headers['transfer-encoding'] !== undefined;
  const bodyBytes = Number.isNaN(length) ? limits.jsonBytes : Math.min(length, limits.jsonBytes);
  const route = routeOf(request);
  const watches = route?.tag === 'operations';
  const streams = route?.responses[200]?.kind === 'events';
  return { address: ip, bodyBytes: hasBody ? bodyBytes : null, watches, streams };
}

/** Serves a route, and tells which method it takes when another is used. */
function serve(
  app: FastifyInstance,
  name: string,
  route: Route,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
): void {
  const url = routerPath(route);
  const config = { name };
  const taken = route.method === 'GET' ? ['GET', 'HEAD'] : [route.method];
  app.route({ method: route.method, url, config, handler });
  app.route({
    method: METHODS.filter(method => !taken.includes(method)),
    url,
    config,
    // Before any body is read.
    onRequest: async (_, reply) => {
      reply.header('allow', taken.join(', '));
      throw HttpProblem.of('wrong-method', `${route.path} takes ${taken.join(' and ')}`);
    },
    handler,
  });
}

function nameOf(request: FastifyRequest): string | undefined {
  return (request.routeOptions.config as { readonly name?: string }).name;
}

function routeOf(request: FastifyRequest): Route | undefined {
  const name = nameOf(request);
  return name === undefined ? undefined : ROUTES[name as keyof typeof ROUTES];
}
