import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { createLibp2p, type Libp2p } from 'libp2p';
import { cheaperNoise } from './cheaper-libp2p.ts';
import { type Newcomer, SPARE } from './doorman.ts';

/** A libp2p connection, as `libp2p` gives it. */
export type Connection = Awaited<ReturnType<Libp2p['dial']>>;
/** A libp2p stream, as a connection gives it. */
export type Stream = Awaited<ReturnType<Connection['newStream']>>;
type PrivateKey = NonNullable<NonNullable<Parameters<typeof createLibp2p>[0]>['privateKey']>;

/** What a host is made of. */
export interface HostInit {
  readonly privateKey: PrivateKey;
  readonly listen: readonly string[];
  /** Bound into the Noise handshake: members of another chain cannot even complete it. */
  readonly prologue: Uint8Array;
  /** How many members there are at most. */
  readonly members: number;
  /** Whether we may dial this peer id; only asked of peers that our own configuration names. */
  readonly mayDial: (peerId: string) => boolean;
  /** Whether somebody may begin a handshake with us. */
  readonly mayCome: (connection: Newcomer) => boolean;
  /** Whether a peer, now that its key is proven, may stay. */
  readonly mayAccept: (peerId: string, connection: Newcomer) => boolean;
}

/** Streams in one direction of one connection: two lanes, and as many in negotiation. */
const MAX_STREAMS = 4;
/** What of one lane may be under way, so that a vote never waits behind more bodies than this. */
const MAX_WINDOW = 1024 * 1024;
/** Time for one dial and for one inbound handshake, ms. */
const HANDSHAKE_TIMEOUT = 5000;

/**
 * A libp2p node with tcp, noise and yamux and nothing else: no identify, ping, relay, DHT or pubsub, and no connection
 * monitor (a third of a core at n = 31; measured). Not started yet.
 */
export function createHost(init: HostInit): Promise<Libp2p> {
  return createLibp2p({
    start: false,
    privateKey: init.privateKey,
    addresses: { listen: [...init.listen] },
    transports: [tcp()],
    connectionEncrypters: [cheaperNoise({ prologueBytes: init.prologue })],
    streamMuxers: [
      yamux({
        maxInboundStreams: MAX_STREAMS,
        maxOutboundStreams: MAX_STREAMS,
        maxEarlyStreams: MAX_STREAMS,
        streamOptions: { maxStreamWindowSize: MAX_WINDOW },
      }),
    ],
    connectionMonitor: { enabled: false },
    connectionManager: {
      maxConnections: init.members + SPARE,
      maxIncomingPendingConnections: init.members + SPARE,
      // A second and host; the default of 5 refuses members that share one.
      inboundConnectionThreshold: 16 + 4 * init.members,
      inboundUpgradeTimeout: HANDSHAKE_TIMEOUT,
      dialTimeout: HANDSHAKE_TIMEOUT,
      reconnectRetries: 0, // the dialer does it
    },
    connectionGater: {
      denyDialPeer: peer => !init.mayDial(peer.toString()),
      denyDialMultiaddr: () => false,
      denyOutboundEncryptedConnection: peer => !init.mayDial(peer.toString()),
      denyInboundConnection: connection => !init.mayCome(connection),
      // The first point where an inbound peer is known: no stream exists yet, and none will.
      denyInboundEncryptedConnection: (peer, connection) => !init.mayAccept(peer.toString(), connection),
    },
  });
}
