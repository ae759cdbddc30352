import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { problemView, recordedView, writeJson } from '@qifeng/core';
import { afterEach, describe, expect, it } from 'vitest';
import { NodeClient } from './client.ts';
import { submitUntilFinal } from './wait-final.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A client of a server on loopback that answers like this. */
async function clientOf(answer: RequestListener): Promise<NodeClient> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return new NodeClient({ nodes: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`] });
}

const ID = new Uint8Array(32).fill(7);
const SUBMISSION = new Uint8Array(100).fill(1);
const FINAL = writeJson(recordedView, { id: ID, height: 1, receipts: [] });

function problem(code: string, status: number): string {
  const detail = { detail: code, entry: null, retryAfter: null, id: null };
  return writeJson(problemView, { type: `urn:qifeng:problem:${code}`, title: code, status, code, ...detail });
}

describe('a node that is hard pressed', () => {
  it('and ends a kept connection as it is asked again, is asked on a fresh one', async () => {
    const asked = new Map<Socket, number>();
    const client = await clientOf(({ socket }, response) => {
      const times = (asked.get(socket) ?? 0) + 1;
      asked.set(socket, times);
      if (times === 2) socket.destroy();
      else response.end(FINAL);
    });
    for (let i = 0; i < 10; i++) expect((await client.submit(SUBMISSION)).type).toBe('final');
    expect([...asked.values()].filter(times => times === 2).length).toBeGreaterThan(5);
  });

  it('and never lets a question through, is unreachable', async () => {
    let times = 0;
    const client = await clientOf(({ socket }) => {
      times++;
      socket.destroy();
    });
    await expect(client.submit(SUBMISSION)).rejects.toMatchObject({ code: 'unreachable' });
    expect(times).toBe(4);
  });

  it('and reads a request too late, is asked again', async () => {
    let posts = 0;
    const client = await clientOf((_, response) => {
      if (++posts === 1) response.writeHead(408).end(problem('slow-request', 408));
      else response.end(FINAL);
    });
    expect(await submitUntilFinal(client, SUBMISSION, { totalMs: 60_000 })).toMatchObject({ type: 'final' });
  });

  it('and was there before it went away, is tried more often than one that never was', async () => {
    const answer: RequestListener = ({ method, socket }, response) => {
      if (method === 'POST') socket.destroy();
      else response.writeHead(404).end(problem('no-submission', 404));
    };
    const tries = async (client: NodeClient): Promise<number> => {
      const enough = new AbortController();
      let times = 1;
      const onWait = () => ++times === 7 && enough.abort();
      const patience = { totalMs: 60_000, signal: enough.signal, onWait };
      await expect(submitUntilFinal(client, SUBMISSION, patience)).rejects.toBeInstanceOf(Error);
      return times;
    };
    const [never, before] = [await clientOf(answer), await clientOf(answer)];
    expect(await before.submission(ID)).toEqual({ type: 'unknown' });
    expect(await Promise.all([tries(never), tries(before)])).toEqual([6, 7]);
  });
});
