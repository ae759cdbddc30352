import { generateKeyPairFromSeed, publicKeyFromRaw } from '@libp2p/crypto/keys';
import { peerIdFromPublicKey } from '@libp2p/peer-id';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { equalBytes, invariant, toHex, toUtf8 } from '@qifeng/core';
import type { Libp2p } from 'libp2p';
import { type Lane, MAX_FRAME_BYTES, type Transport } from '../ports/transport.ts';
import { newCounters, type TransportCounters } from './counters.ts';
import { Dialer } from './dialer.ts';
import { TransportError, type TransportEventCode, type TransportLog } from './events.ts';
import { type Connection, createHost, type Stream } from './host.ts';
import { Link } from './link.ts';
import { QUEUE_LIMITS, type QueueLimits } from './outbox.ts';

/** A member as the transport needs it. */
export interface TransportMember {
  /** Raw Ed25519 public key, 32 bytes; never the validator key. */
  readonly p2pKey: Uint8Array;
  /** Multiaddrs without peer id, such as `/ip4/127.0.0.1/tcp/8201`. */
  readonly addresses: readonly string[];
}

/** What a transport is made of. */
export interface Libp2pTransportOptions {
  /** Our position among the members. */
  readonly me: number;
  /** By position in the validator set. */
  readonly members: readonly TransportMember[];
  /** Ed25519 seed, 32 bytes, of our p2p key. */
  readonly privateKey: Uint8Array;
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[];
  /** Members of another chain are not connected to. */
  readonly genesisHash: Uint8Array;
  readonly log: TransportLog;
  /** Bytes that may wait for one member. Default: `QUEUE_LIMITS`. */
  readonly limits?: QueueLimits;
}

/** The transport over libp2p, with what operators look at. */
export interface Libp2pTransport extends Transport {
  readonly counters: TransportCounters;
  /** Multiaddrs listened on, with the ports that were taken; empty while stopped. */
  listening(): readonly string[];
}

/** The protocol of a chain on a connection. */
export function protocolOf(genesisHash: Uint8Array): string {
  return `/qifeng/${toHex(genesisHash).slice(0, 32)}/1`;
}

/** What both sides bind into the handshake. */
export function prologueOf(genesisHash: Uint8Array): Uint8Array {
  return toUtf8(`${protocolOf(genesisHash)} ${toHex(genesisHash)}`);
}

/**
 * Frames between members over libp2p (tcp, noise, yamux). The lower position dials the higher and keeps dialling; a
 * new connection of a member replaces its old one. May be started again after `stop`.
 */
export function createLibp2pTransport(options: Libp2pTransportOptions): Libp2pTransport {
  return new MemberTransport(options);
}

/** How often deadlines are looked at, ms. */
const CHECK_INTERVAL = 1000;

class MemberTransport implements Libp2pTransport {
  onFrame: (from: number, frame: Uint8Array) => void = () => {};
  onPeer: (peer: number, connected: boolean) => void = () => {};
  readonly counters = newCounters();
  readonly #options: Libp2pTransportOptions;
  readonly #positions = new Map<string, number>();
  readonly #addresses: readonly (readonly Multiaddr[])[];
  readonly #links = new Map<number, Link>();
  readonly #byConnection = new WeakMap<Connection, Link>();
  readonly #dialers = new Map<number, Dialer>();
  #node: Libp2p | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Libp2pTransportOptions) {
    invariant(options.me in options.members, 'the transport is given the position of a member');
    this.#options = options;
    this.#addresses = options.members.map(({ p2pKey, addresses }, position) => {
      const id = peerIdFromPublicKey(publicKeyFromRaw(p2pKey)).toString();
      this.#positions.set(id, position);
      return addresses.map(address => parse(`${address}/p2p/${id}`));
    });
  }

  send(to: number, frame: Uint8Array, lane: Lane): void {
    invariant(frame.length <= MAX_FRAME_BYTES[lane], `a frame of ${frame.length} bytes on the lane ${lane}`);
    const link = this.#links.get(to);
    if (link?.ready) {
      link.send(frame, lane);
    } else {
      this.counters.lanes[lane].framesDropped++;
      this.counters.lanes[lane].bytesDropped += frame.length;
    }
  }

  connected(): readonly number[] {
    return [...this.#links].flatMap(([peer, link]) => (link.ready ? [peer] : [])).sort((a, b) => a - b);
  }

  listening(): readonly string[] {
    return this.#node?.getMultiaddrs().map(String) ?? [];
  }

  async start(): Promise<void> {
    invariant(this.#node === undefined, 'a transport is started once before it is stopped');
    const { me, members, privateKey, listen, genesisHash, log } = this.#options;
    const key = await generateKeyPairFromSeed('Ed25519', privateKey);
    if (!equalBytes(key.publicKey.raw, members[me]!.p2pKey))
      throw new TransportError('p2p-key-mismatch', 'the private key is not that of this member');
    const position = (id: string) => this.#positions.get(id) ?? -1;
    const node = await createHost({
      privateKey: key,
      listen,
      prologue: prologueOf(genesisHash),
      members: members.length,
      mayDial: id => position(id) > me,
      mayAccept: id => this.#mayAccept(id, position(id)),
    });
    node.addEventListener('connection:open', event => this.#adopt(node, event.detail));
    await node.handle(protocolOf(genesisHash), (stream, connection) => this.#accept(stream, connection), {
      maxInboundStreams: 2,
      maxOutboundStreams: 2,
    });
    this.#node = node;
    try {
      await node.start();
    } catch (error) {
      this.#node = undefined;
      throw new TransportError('listen-failed', `cannot listen on ${listen.join(', ')}`, error);
    }
    log({ code: 'listening', detail: this.listening().join(' ') });
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      // When we were the ones who slept, what the others sent meanwhile is still unread.
      const awake = now - last < 3 * CHECK_INTERVAL;
      last = now;
      if (awake) for (const link of [...this.#links.values()]) link.check(now);
    }, CHECK_INTERVAL);
    for (let peer = me + 1; peer < members.length; peer++) this.#keepDialing(node, peer);
  }

  async stop(): Promise<void> {
    const node = this.#node;
    if (node === undefined) return;
    this.#node = undefined;
    clearInterval(this.#timer);
    for (const dialer of this.#dialers.values()) dialer.stop();
    this.#dialers.clear();
    for (const link of [...this.#links.values()]) link.close('stopped', 'this node stops');
    await node.stop();
  }

  #keepDialing(node: Libp2p, peer: number): void {
    const addresses = this.#addresses[peer]!;
    if (addresses.length === 0) return;
    const dialer = new Dialer({
      dial: signal => node.dial([...addresses], { force: true, signal }),
      linked: () => this.#links.has(peer),
      onFailure: (error, wait) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#log('dial-failed', peer, `${reason}; again in ${wait} ms`);
      },
    });
    this.#dialers.set(peer, dialer);
    dialer.start();
  }

  #mayAccept(id: string, position: number): boolean {
    const dials = position >= 0 && position < this.#options.me;
    if (dials) return true;
    this.counters.refused++;
    const why = position < 0 ? 'it is no member' : 'we dial it, it does not dial us';
    this.#options.log({ code: 'peer-refused', detail: `${id}: ${why}` });
    return false;
  }

  #adopt(node: Libp2p, connection: Connection): void {
    const peer = this.#positions.get(connection.remotePeer.toString());
    if (peer === undefined || this.#node !== node) {
      connection.abort(new Error('not a member, or stopping'));
      return;
    }
    this.#links.get(peer)?.close('replaced', 'the member opened a new connection');
    const link: Link = new Link({
      connection,
      protocol: protocolOf(this.#options.genesisHash),
      counters: this.counters,
      limits: this.#options.limits ?? QUEUE_LIMITS,
      onReady: () => this.#ready(peer, connection),
      onFrame: frame => this.onFrame(peer, frame),
      onClosed: (code, detail) => this.#lost(peer, link, code, detail),
    });
    this.#byConnection.set(connection, link);
    this.#links.set(peer, link);
  }

  #accept(stream: Stream, connection: Connection): void {
    const link = this.#byConnection.get(connection);
    if (link === undefined) stream.abort(new Error('no such connection'));
    else link.accept(stream);
  }

  #ready(peer: number, connection: Connection): void {
    this.counters.connected++;
    this.#dialers.get(peer)?.up();
    this.#log('peer-connected', peer, connection.remoteAddr.toString());
    this.onPeer(peer, true);
  }

  #lost(peer: number, link: Link, code: TransportEventCode, detail: string): void {
    if (this.#links.get(peer) === link) this.#links.delete(peer);
    this.#log(code, peer, detail);
    this.#dialers.get(peer)?.down();
    if (!link.ready) return;
    this.counters.lost++;
    this.onPeer(peer, false);
  }

  #log(code: TransportEventCode, peer: number, detail: string): void {
    this.#options.log({ code, peer, detail });
  }
}

function parse(address: string): Multiaddr {
  try {
    return multiaddr(address);
  } catch (error) {
    throw new TransportError('address-malformed', `${address} is not a multiaddr`, error);
  }
}
