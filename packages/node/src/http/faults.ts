import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { problemView, writeJson } from '@qifeng/core';
import type { FastifyError } from 'fastify';
import { endIfStill } from './connections.ts';
import { HttpProblem } from './problem.ts';

/** Where the interface tells the operator what a client must not see. */
export interface HttpLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What a client is told of an error: a problem as it is, a fault of its request by code, of anything else an id only. */
export function problemOf(error: unknown, log: HttpLog): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const { code, statusCode = 500 } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return HttpProblem.of('too-big', 'the body is longer than this path takes');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return HttpProblem.of('wrong-media-type', 'this path takes another media type');
  if (statusCode >= 400 && statusCode < 500)
    return HttpProblem.of('bad-request', 'the request cannot be read');
  const id = randomUUID();
  log.error({ id, error }, 'a request failed');
  return HttpProblem.of('internal', 'the node could not answer; its log has more under this id', { id });
}

/** Answers on the socket what was no HTTP request at all, or came too slowly. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // Whoever asked nothing would take an answer for that to his next request.
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0) {
    endIfStill(socket);
    return;
  }
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? HttpProblem.of('long-headers', 'the request headers are longer than this node takes')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? HttpProblem.of('slow-request', 'the request did not arrive in time')
        : HttpProblem.of('bad-request', 'this is not an HTTP/1.1 request');
  const document = problem.document('en');
  const body = writeJson(problemView, document);
  socket.end(
    `HTTP/1.1 ${document.status} ${problem.code}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
