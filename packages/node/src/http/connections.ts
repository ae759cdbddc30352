import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gate } from './gate.ts';
import { networkOf } from './network-of.ts';

/** The connections of a server. */
export interface Connections {
  /** Ends those on which nothing was ever asked: Node counts them as active, and would wait for them at its close. */
  endSilent(): void;
}

/** Watches over a server's connections, and ends those of an address that has `most` already, and those that stand still. */
export function connectionsOf(server: Server, most: number): Connections {
  const places = gate(Number.POSITIVE_INFINITY, most);
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    const place = places.enter(networkOf(socket.remoteAddress ?? ''));
    if (place === null) {
      socket.destroy();
      return;
    }
    silent.add(socket);
    socket.once('close', () => {
      silent.delete(socket);
      place.release();
    });
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  endIdle(server);
  return {
    endSilent: () => {
      for (const socket of silent) socket.destroy();
    },
  };
}

/**
 * Ends connections that stood still for as long as the server lets them, where the client is at fault. A request that is all
 * here waits for the node; its answer, late on a machine with much to do, is worth more than an end without a word.
 */
function endIdle(server: Server): void {
  const last = new WeakMap<
    Socket,
    { readonly request: IncomingMessage; readonly response: ServerResponse }
  >();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    last.set(request.socket, { request, response });
  });
  server.on('timeout', (socket: Socket) => {
    const { request, response } = last.get(socket) ?? {};
    if (request?.complete === true && response?.headersSent === false) {
      // Asked again later: the answer may come to stand behind others that nobody reads.
      socket.setTimeout(socket.timeout ?? 0);
      return;
    }
    endIfStill(socket);
  });
}

/** Ends a connection on which nothing came: late timers run before what came meanwhile is read, so it is looked at after that. */
export function endIfStill(socket: Socket): void {
  const before = socket.bytesRead;
  setImmediate(() => {
    if (socket.bytesRead === before) socket.destroy();
  });
}
