import { generateKeyPairFromSeed, publicKeyFromRaw } from '@libp2p/crypto/keys';
import { peerIdFromPublicKey } from '@libp2p/peer-id';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { equalBytes, invariant, isObserverCode, MAX_OBSERVERS, toHex, toUtf8 } from '@qifeng/core';
import type { Libp2p } from 'libp2p';
import {
  type Contact,
  type FrameRule,
  type Lane,
  MAX_FRAME_BYTES,
  type Transport,
} from '../ports/transport.ts';
import type { TransportCounters } from '../ports/transport-counters.ts';
import { newCounters } from './counters.ts';
import { Dialer } from './dialer.ts';
import { addressOf, Doorman, type Newcomer } from './doorman.ts';
import { TransportError, type TransportEventCode, type TransportLog } from './events.ts';
import { type Connection, createHost, type Stream } from './host.ts';
import { Link } from './link.ts';
import { QUEUE_LIMITS, type QueueLimits } from './outbox.ts';
import { Allowance, OBSERVER_RATES, PEER_RATES, type PeerRates } from './rates.ts';

/** What a transport is made of. */
export interface Libp2pTransportOptions {
  /** Our own code. */
  readonly me: string;
  /** Who may connect; `setMembers` changes it. */
  readonly members: readonly Contact[];
  /** Ed25519 seed, 32 bytes, of our p2p key. */
  readonly privateKey: Uint8Array;
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[];
  /** Members of another chain are not connected to. */
  readonly genesisHash: Uint8Array;
  readonly log: TransportLog;
  /** Bytes that may wait for one member. Default: `QUEUE_LIMITS`. */
  readonly limits?: QueueLimits;
  /** What a member may send. Default: `PEER_RATES`. */
  readonly rates?: PeerRates;
}

/** The transport over libp2p, with what operators look at. */
export interface Libp2pTransport extends Transport {
  readonly counters: TransportCounters;
  /** From now on these members are neither talked to nor let in, until the next call: a partition on purpose. */
  cutOff(members: readonly string[]): void;
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
 * Frames between members, and with observers, over libp2p (tcp, noise, yamux). The lower code dials the higher, an observer
 * every member, and keeps dialling; a new connection of a member replaces its old one. May be started again after `stop`.
 */
export function createLibp2pTransport(options: Libp2pTransportOptions): Libp2pTransport {
  return new MemberTransport(options);
}

/** Members and observers of a chain at most, for the number of connections. */
const MOST_PEERS = 128 + MAX_OBSERVERS;
/** How often deadlines are looked at, ms. */
const CHECK_INTERVAL = 1000;

class MemberTransport implements Libp2pTransport {
  onFrame: (from: string, frame: Uint8Array) => void | Promise<void> = () => {};
  ruleOf: (kind: number) => FrameRule | undefined = () => undefined;
  onPeer: (peer: string, connected: boolean) => void = () => {};
  readonly counters = newCounters();
  readonly #options: Libp2pTransportOptions;
  /** Peer id → member. */
  #members: ReadonlyMap<string, Reachable> = new Map();
  readonly #links = new Map<string, Link>();
  readonly #byConnection = new WeakMap<Connection, Link>();
  readonly #dialers = new Map<string, Dialer>();
  /** Of the members, by code: they outlive their connections. */
  readonly #allowances = new Map<string, Readonly<Record<Lane, Allowance>>>();
  readonly #doorman = new Doorman({
    members: () => this.#members.size,
    open: () => this.#links.size,
    known: address => [...this.#members.values()].some(({ ips }) => ips.includes(address)),
  });
  #cut: ReadonlySet<string> = new Set();
  #node: Libp2p | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Libp2pTransportOptions) {
    this.#options = options;
    this.#members = reachable(this.#met(options.members));
  }

  /** Those that we have to do with: observers have nothing to do with each other, nor with what the ledger says of themselves. */
  #met(members: readonly Contact[]): readonly Contact[] {
    if (!isObserverCode(this.#options.me)) return members;
    return members.filter(({ code }) => !isObserverCode(code));
  }

  setMembers(members: readonly Contact[]): void {
    const before = new Set(this.#members.keys());
    this.#members = reachable(this.#met(members).filter(member => this.#isUsable(member)));
    const stays = new Map([...this.#members].map(([id, { code }]) => [code, id]));
    for (const link of [...this.#links.values()])
      if (!this.#members.has(link.peerId)) link.close('peer-lost', 'it is no member any more');
    for (const code of [...this.#allowances.keys()]) if (!stays.has(code)) this.#allowances.delete(code);
    for (const [code, dialer] of [...this.#dialers]) {
      const id = stays.get(code);
      if (id !== undefined && before.has(id)) continue;
      dialer.stop();
      this.#dialers.delete(code);
    }
    if (this.#node !== undefined) this.#dialAll(this.#node);
  }

  /** The ledger may name a key or an address that is none: that member cannot be reached, the others can. */
  #isUsable(member: Contact): boolean {
    try {
      reachable([member]);
      return true;
    } catch (error) {
      this.#log('member-unreachable', member.code, error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  send(to: string, frame: Uint8Array, lane: Lane): void {
    invariant(frame.length <= MAX_FRAME_BYTES[lane], `a frame of ${frame.length} bytes on the lane ${lane}`);
    const link = this.#links.get(to);
    if (link?.ready) {
      link.send(frame, lane);
    } else {
      this.counters.lanes[lane].framesDropped++;
      this.counters.lanes[lane].bytesDropped += frame.length;
    }
  }

  cutOff(members: readonly string[]): void {
    this.#cut = new Set(members);
    for (const code of members) {
      this.#dialers.get(code)?.stop();
      this.#dialers.delete(code);
      this.#links.get(code)?.close('cut-off', 'this node was told not to talk to it');
    }
    if (this.#node !== undefined) this.#dialAll(this.#node);
  }

  connected(): readonly string[] {
    return [...this.#links]
      .flatMap(([peer, link]) => (link.ready && !isObserverCode(peer) ? [peer] : []))
      .sort();
  }

  listening(): readonly string[] {
    return this.#node?.getMultiaddrs().map(String) ?? [];
  }

  async start(): Promise<void> {
    invariant(this.#node === undefined, 'a transport is started once before it is stopped');
    const { me, privateKey, listen, genesisHash, log } = this.#options;
    const key = await generateKeyPairFromSeed('Ed25519', privateKey);
    const mine = [...this.#members.values()].find(({ code }) => code === me);
    if (mine !== undefined && !equalBytes(key.publicKey.raw, mine.p2pKey))
      throw new TransportError('p2p-key-mismatch', 'the private key is not that of this member');
    const node = await createHost({
      privateKey: key,
      listen,
      prologue: prologueOf(genesisHash),
      members: MOST_PEERS,
      mayDial: id => dials(me, this.#members.get(id)?.code ?? ''),
      mayCome: connection => this.#mayCome(connection),
      mayAccept: (id, connection) => this.#mayAccept(id, connection),
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
    this.#dialAll(node);
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

  #dialAll(node: Libp2p): void {
    for (const { code, addresses } of this.#members.values()) {
      const wanted = dials(this.#options.me, code) && !this.#cut.has(code);
      if (wanted && addresses.length > 0 && !this.#dialers.has(code))
        this.#keepDialing(node, code, addresses);
    }
  }

  #keepDialing(node: Libp2p, peer: string, addresses: readonly Multiaddr[]): void {
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

  #mayCome(connection: Newcomer): boolean {
    if (this.#doorman.admits(connection)) return true;
    this.counters.refused++;
    return false;
  }

  #mayAccept(id: string, connection: Newcomer): boolean {
    const code = this.#members.get(id)?.code;
    const cut = code !== undefined && this.#cut.has(code);
    if (code !== undefined && dials(code, this.#options.me) && !cut) {
      this.#doorman.done(connection);
      return true;
    }
    this.counters.refused++;
    const known = cut ? 'it is cut off on purpose' : 'we dial it, it does not dial us';
    const why = code === undefined ? 'it is neither member nor observer' : known;
    this.#options.log({ code: 'peer-refused', detail: `${id}: ${why}` });
    return false;
  }

  #adopt(node: Libp2p, connection: Connection): void {
    const peer = this.#members.get(connection.remotePeer.toString())?.code;
    if (peer === undefined || this.#cut.has(peer) || this.#node !== node) {
      connection.abort(new Error('not a member, cut off, or stopping'));
      return;
    }
    this.#links.get(peer)?.close('replaced', 'the member opened a new connection');
    const allowances = this.#allowancesOf(peer);
    const link: Link = new Link({
      connection,
      protocol: protocolOf(this.#options.genesisHash),
      counters: this.counters,
      limits: this.#options.limits ?? QUEUE_LIMITS,
      allowances,
      ruleOf: kind => this.ruleOf(kind),
      onReady: () => this.#ready(peer, connection),
      onFrame: frame => this.onFrame(peer, frame),
      onSlowed: lane => {
        if (!allowances[lane].sayNow(performance.now())) return;
        this.#log('peer-slowed', peer, `it sends more ${lane} than a member may; it is read more slowly`);
      },
      onClosed: (code, detail) => this.#lost(peer, link, code, detail),
    });
    this.#byConnection.set(connection, link);
    this.#links.set(peer, link);
  }

  #allowancesOf(peer: string): Readonly<Record<Lane, Allowance>> {
    const rates = this.#options.rates ?? (isObserverCode(peer) ? OBSERVER_RATES : PEER_RATES);
    const made = this.#allowances.get(peer) ?? {
      votes: new Allowance(rates.votes, performance.now()),
      bulk: new Allowance(rates.bulk, performance.now()),
    };
    this.#allowances.set(peer, made);
    return made;
  }

  #accept(stream: Stream, connection: Connection): void {
    const link = this.#byConnection.get(connection);
    if (link === undefined) stream.abort(new Error('no such connection'));
    else link.accept(stream);
  }

  #ready(peer: string, connection: Connection): void {
    this.counters.connected++;
    this.#dialers.get(peer)?.up();
    this.#log('peer-connected', peer, connection.remoteAddr.toString());
    this.onPeer(peer, true);
  }

  #lost(peer: string, link: Link, code: TransportEventCode, detail: string): void {
    if (this.#links.get(peer) === link) this.#links.delete(peer);
    this.#log(code, peer, detail);
    this.#dialers.get(peer)?.down();
    if (!link.ready) return;
    this.counters.lost++;
    this.onPeer(peer, false);
  }

  #log(code: TransportEventCode, peer: string, detail: string): void {
    this.#options.log({ code, peer, detail });
  }
}

/** Whether the one dials the other, and not the other way round. */
function dials(one: string, other: string): boolean {
  if (isObserverCode(other)) return false;
  return isObserverCode(one) ? other !== '' : one < other;
}

interface Reachable {
  readonly code: string;
  readonly p2pKey: Uint8Array;
  readonly addresses: readonly Multiaddr[];
  /** The IP addresses among them. */
  readonly ips: readonly string[];
}

function reachable(members: readonly Contact[]): ReadonlyMap<string, Reachable> {
  return new Map(
    members.map(({ code, p2pKey, addresses }) => {
      const id = peerIdFromPublicKey(publicKeyFromRaw(p2pKey)).toString();
      const parsed = addresses.map(address => parse(`${address}/p2p/${id}`));
      return [id, { code, p2pKey, addresses: parsed, ips: parsed.map(addressOf) }];
    }),
  );
}

function parse(address: string): Multiaddr {
  try {
    return multiaddr(address);
  } catch (error) {
    throw new TransportError('address-malformed', `${address} is not a multiaddr`, error);
  }
}
