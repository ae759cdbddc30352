import type { Body, Hasher } from '@qifeng/core';
import type { FastifyInstance } from 'fastify';
import { sendValue } from './answer.ts';
import { HttpProblem } from './problem.ts';
import type { Site } from './site.ts';

/** Everything comes from this node, nothing is inline, nothing embeds the page, and no form sends anything. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** Serves a site: its pages and their assets. A path leads to a file only by being the very name of one in `site`. */
export function serveSite(app: FastifyInstance, site: Site, hasher: Hasher): void {
  const pages = [...site].filter(([, { immutable }]) => !immutable).map(([path]) => path);
  for (const url of [...pages, '/assets/*']) {
    app.get(url, { config: { name: 'site' } }, async (request, reply) => {
      const path = request.url.split('?')[0]!;
      const file = site.get(path);
      if (file === undefined) throw HttpProblem.of('no-route', `nothing is at ${path.slice(0, 256)}`);
      const body: Body = { kind: 'raw', mediaType: file.type, compress: true };
      reply.headers(HEADERS);
      const cache = file.immutable ? 'immutable' : 'revalidate';
      return sendValue(request, reply, hasher, { status: 200, value: file.bytes, body, cache });
    });
  }
}
