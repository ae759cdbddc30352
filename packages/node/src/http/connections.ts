import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { gate } from './gate.ts';
import { networkOf } from './network-of.ts';

/** The connections of a server. */
export interface Connections {
  /** Ends those on which nothing was ever asked: Node counts them as active, and would wait for them at its close. */
  endSilent(): void;
}

/** Watches over a server's connections, and ends those of an address that has `most` already. */
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
  return {
    endSilent: () => {
      for (const socket of silent) socket.destroy();
    },
  };
}
