import { createHash } from 'node:crypto';
import type { Digest, Route } from '@qifeng/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestBody } from './call.ts';
import type { HttpLimits } from './limits.ts';
import { HttpProblem } from './problem.ts';

/** What is to be known of requests to take their bodies. */
interface Requests {
  routeOf(request: FastifyRequest): Route | undefined;
  /** A body took so many ms of the node's main thread. */
  spent(request: FastifyRequest, ms: number): void;
}

/** Makes `app` read the bodies that routes take, each within its bounds, and refuse others before they are read. */
export function takeBodies(app: FastifyInstance, limits: HttpLimits, { routeOf, spent }: Requests): void {
  app.addHook('preParsing', async request => {
    const route = routeOf(request);
    const [type = ''] = (request.headers['content-type'] ?? '').split(';');
    if (route?.takes === undefined || type === '') return;
    if (!Object.hasOwn(route.takes, type.trim().toLowerCase()))
      throw HttpProblem.of('wrong-media-type', `${route.path} does not take ${type.slice(0, 64)}`);
  });
  app.removeAllContentTypeParsers();
  const kinds = { 'application/cbor': limits.cborBytes, 'application/json': limits.jsonBytes };
  for (const [mediaType, bodyLimit] of Object.entries(kinds))
    app.addContentTypeParser(
      mediaType,
      { parseAs: 'buffer', bodyLimit },
      async (_: FastifyRequest, bytes: Buffer): Promise<RequestBody> => ({
        mediaType,
        bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length),
      }),
    );
  const mediaType = 'application/octet-stream';
  app.addContentTypeParser(
    mediaType,
    { bodyLimit: limits.fileBytes },
    async (request: FastifyRequest, file: AsyncIterable<Uint8Array>): Promise<RequestBody> => ({
      mediaType,
      digests: await digestsOf(file, limits.fileBytes, ms => spent(request, ms)),
    }),
  );
}

/** The digests of a file as it comes, as nobody says by which it was recorded: nothing of it is kept. */
async function digestsOf(
  file: AsyncIterable<Uint8Array>,
  most: number,
  spent: (ms: number) => void,
): Promise<readonly Digest[]> {
  const hashes = (['sha256', 'sm3'] as const).map(alg => ({ alg, hash: createHash(alg) }));
  let length = 0;
  for await (const chunk of file) {
    length += chunk.length;
    if (length > most) throw HttpProblem.of('too-big', `a file to verify has ${most} bytes at most`);
    const start = performance.now();
    for (const { hash } of hashes) hash.update(chunk);
    spent(performance.now() - start);
  }
  return hashes.map(({ alg, hash }) => ({ alg, hash: new Uint8Array(hash.digest()) }));
}
