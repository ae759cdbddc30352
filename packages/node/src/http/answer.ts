import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import {
  type Body,
  type CacheRule,
  type EventsBody,
  type Hasher,
  problemView,
  toHex,
  toUtf8,
  writeJson,
} from '@qifeng/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type HttpProblem, languageOf } from './problem.ts';

const zip = promisify(gzip);
const ZIP_FROM = 1024;

const CACHE_CONTROL: Readonly<Record<CacheRule, string>> = {
  immutable: 'public, max-age=31536000, immutable',
  seconds: 'public, max-age=1, must-revalidate',
  minute: 'public, max-age=60, must-revalidate',
  revalidate: 'no-cache',
  none: 'no-store',
};

const SVG = 'image/svg+xml';
/** An image that is opened by itself runs nothing and loads nothing; any page may show it. */
const SVG_HEADERS = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'cross-origin-resource-policy': 'cross-origin',
};

/** Sends a route's value as its body says, or 304 if the client has it already. */
export async function sendValue(
  request: FastifyRequest,
  reply: FastifyReply,
  hasher: Hasher,
  { status, value, body, cache }: { status: number; value: unknown; body: Body; cache: CacheRule },
): Promise<FastifyReply> {
  reply.header('cache-control', CACHE_CONTROL[cache]);
  if (body.kind === 'events') return sendEvents(request, reply, value as Readable);
  const [type, plain] = contentOf(body, value);
  let bytes = plain;
  let suffix = '';
  if (body.kind === 'raw' && body.compress) {
    reply.header('vary', 'accept-encoding');
    if (plain.length >= ZIP_FROM && takesGzip(request.headers['accept-encoding'])) {
      bytes = await zip(plain);
      suffix = '-gzip';
      reply.header('content-encoding', 'gzip');
    }
  }
  if (cache !== 'none' && status === 200) {
    const tag = `"${toHex(hasher.digest(plain).subarray(0, 16))}${suffix}"`;
    reply.header('etag', tag);
    if (isHeld(request.headers['if-none-match'], tag))
      return reply.removeHeader('content-encoding').code(304).send();
  }
  if (type === SVG) reply.headers(SVG_HEADERS);
  return reply
    .code(status)
    .type(type)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
}

/** Sends a stream for as long as it goes on; a proxy shall not gather it. */
function sendEvents(request: FastifyRequest, reply: FastifyReply, stream: Readable): FastifyReply {
  reply.type('text/event-stream').header('x-accel-buffering', 'no');
  if (request.method !== 'HEAD') return reply.send(stream);
  stream.destroy();
  return reply.send();
}

/** Sends a problem document (RFC 9457). */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: HttpProblem,
): FastifyReply {
  const document = problem.document(languageOf(request.headers['accept-language']));
  if (document.retryAfter !== null) reply.header('retry-after', document.retryAfter);
  return (
    reply
      .code(document.status)
      .headers({ 'cache-control': 'no-store', vary: 'accept-language' })
      .type('application/problem+json')
      // Bytes, because Fastify adds to the type of a JSON text a charset that this type has not.
      .send(Buffer.from(writeJson(problemView, document)))
  );
}

function contentOf(
  body: Exclude<Body, EventsBody<unknown>>,
  value: unknown,
): readonly [type: string, bytes: Uint8Array] {
  if (body.kind === 'json') return ['application/json; charset=utf-8', toUtf8(writeJson(body.view, value))];
  return [body.mediaType, typeof value === 'string' ? toUtf8(value) : (value as Uint8Array)];
}

function takesGzip(header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .some(item => {
      const [coding = '', ...parameters] = item.split(';').map(part => part.trim().toLowerCase());
      return coding === 'gzip' && !parameters.some(parameter => /^q=0(?:\.0*)?$/.test(parameter));
    });
}

/** If-None-Match (RFC 9110 section 13.1.2): the weak comparison. */
function isHeld(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some(item => item.trim().replace(/^W\//, '') === tag);
}
