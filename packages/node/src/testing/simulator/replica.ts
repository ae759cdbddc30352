import type { Config } from '../../consensus/config.ts';
import type { Input } from '../../consensus/input.ts';
import type { Block, Message } from '../../consensus/messages.ts';
import type { Output, ToSign, WalRecord } from '../../consensus/output.ts';
import type * as protocolModule from '../../consensus/protocol.ts';
import { signedMessage } from '../../consensus/signed.ts';
import type { State } from '../../consensus/state.ts';
import { Disk } from './disk.ts';
import type { SimulatedLedger } from './ledger.ts';
import { type Symbols, saying } from './symbolic.ts';

/** The protocol under test: the real module, or a copy with one line broken. */
export type Protocol = typeof protocolModule;

/** What replicas send each other beside the protocol's messages: bodies of batches. */
export type HostMessage =
  | { readonly type: 'batch'; readonly digest: string }
  | { readonly type: 'batch-request'; readonly digest: string };

/** Everything that travels. */
export type Packet = Message | HostMessage;

/** What a replica needs of the world around it. */
export interface World {
  readonly protocol: Protocol;
  readonly symbols: Symbols;
  readonly ledger: SimulatedLedger;
  now(): number;
  send(from: number, to: number, packet: Packet): void;
  later(delay: number, run: () => void): void;
  /** How many records of a step's write survive, and whether the replica dies there; null: no crash. */
  crashPoint(records: number, rest: number): CrashPoint | null;
  /** A log was rewritten to what rebuilds its replica. */
  compacted(): void;
  /** A replica lost all but its disk. */
  died(replica: Replica, torn: boolean): void;
  readonly watch: Watch;
  readonly compaction: boolean;
}

/** A crash in the middle of one step's outputs. */
export interface CrashPoint {
  /** Whole records on disk. */
  readonly records: number;
  /** Outputs after the sync that still happened; only if all records did. */
  readonly rest: number;
}

/** What the checkers see. They throw when something is wrong. */
export interface Watch {
  signed(replica: Replica, what: ToSign): void;
  refused(replica: Replica, what: ToSign, reason: string): void;
  persisted(replica: Replica, record: WalRecord): void;
  delivered(replica: Replica, output: Output): void;
  executed(replica: Replica, block: Block, text: string): void;
  stepped(replica: Replica): void;
}

/** One honest replica: the protocol, its disk, and a host that keeps the contract of `Output`. */
export class Replica {
  readonly disk = new Disk();
  readonly config: Config;
  readonly #world: World;
  /** Null while crashed. */
  state: State | null = null;
  /** Counts lives, so that what was planned in one does not reach into the next. */
  life = 0;
  #inbox: Input[] = [];

  constructor(world: World, config: Config) {
    this.#world = world;
    this.config = config;
  }

  get id(): number {
    return this.config.me;
  }

  /** Starts from what the disk holds. */
  start(): void {
    const { protocol } = this.#world;
    this.life++;
    const { state, outputs } = protocol.recover(
      this.config,
      this.disk.log,
      this.disk.executed,
      this.#world.now(),
    );
    this.state = state;
    if (!this.#carryOut(outputs)) return;
    for (const digest of this.disk.batches) this.#offer(digest);
    this.#drain();
  }

  /** Loses everything but the disk. */
  crash(torn = false): void {
    this.state = null;
    this.#inbox = [];
    this.#world.died(this, torn);
  }

  /** One input, and whatever it leads to here at once. */
  handle(input: Input): void {
    if (this.state === null) return;
    this.#inbox.push(input);
    this.#drain();
  }

  /** A client or a peer brings a batch. */
  receive(from: number, packet: Packet): void {
    if (this.state === null) return;
    if (packet.type === 'batch') this.addBatch(packet.digest);
    else if (packet.type === 'batch-request') {
      if (this.disk.batches.has(packet.digest))
        this.#world.send(this.id, from, { type: 'batch', digest: packet.digest });
    } else if (!this.#world.protocol.isSettled(this.state, packet)) {
      this.handle({ type: 'message', from, message: packet });
    }
  }

  /** Persists a batch and offers it for ordering. */
  addBatch(digest: string): void {
    if (this.state === null || this.disk.batches.has(digest)) return;
    this.disk.batches.add(digest);
    this.#offer(digest);
    for (const { block, bodies } of [...this.state.blocks.values()]) {
      if (bodies === null && block.batches.includes(digest)) this.#bodies(block);
    }
    this.#drain();
  }

  /** A holder sends what waits too long to all again: the leader may never have had it. */
  pushOverdue(): void {
    for (const digest of this.state?.pool.keys() ?? []) this.#sendAll({ type: 'batch', digest });
  }

  #offer(digest: string): void {
    if (!this.executedBatches.has(digest)) this.#inbox.push({ type: 'batch', digest, barrier: false });
  }

  /** Digests in executed blocks, from the store. */
  readonly executedBatches = new Set<string>();

  #drain(): void {
    for (let input = this.#inbox.shift(); input !== undefined; input = this.#inbox.shift()) {
      if (this.state === null) return;
      const outputs = this.#world.protocol.step(this.state, input, draft =>
        this.#world.symbols.hashBlock(draft),
      );
      if (!this.#carryOut(outputs)) return;
      this.#world.watch.stepped(this);
    }
  }

  /** The contract: records, one sync, then the rest in order. False if it died on the way. */
  #carryOut(outputs: readonly Output[]): boolean {
    const records = outputs.flatMap(output => (output.type === 'persist' ? [output.record] : []));
    const rest = outputs.filter(output => output.type !== 'persist');
    const crash = outputs.length === 0 ? null : this.#world.crashPoint(records.length, rest.length);
    const kept = crash?.records ?? records.length;
    if (records.length > 0) {
      this.disk.append(records, kept);
      for (const record of records.slice(0, kept)) this.#world.watch.persisted(this, record);
    }
    if (kept === records.length) {
      for (const output of rest.slice(0, crash?.rest ?? rest.length)) this.#do(output);
      if (records.some(record => record.type === 'checkpoint') && crash === null) this.#compact();
    }
    if (crash !== null) this.crash(kept < records.length);
    return crash === null;
  }

  #do(output: Output): void {
    const { watch } = this.#world;
    watch.delivered(this, output);
    if (output.type === 'sign') this.#sign(output.what);
    else if (output.type === 'send') this.#send(output.to, output.message);
    else if (output.type === 'send-headers')
      this.#sendHeaders(output.to, output.blocks, output.next, output.above);
    else if (output.type === 'need-bodies') this.#bodies(output.block);
    else if (output.type === 'execute') this.#execute(output.block);
  }

  #sign(what: ToSign): void {
    const { protocol, symbols, watch } = this.#world;
    const verdict = protocol.admit(this.disk.guard, what, tosign => saying(tosign, symbols));
    if ('refused' in verdict) {
      watch.refused(this, what, verdict.refused);
    } else {
      this.disk.guard = protocol.prune(verdict.guard, this.state!.low);
    }
    watch.signed(this, what);
    const signature = symbols.sign(this.id, saying(what, symbols));
    const message = signedMessage(what, this.config.epoch, this.id, signature);
    this.#send('all', message);
    this.#inbox.push({ type: 'message', from: this.id, message });
  }

  #send(to: number | 'all', message: Message): void {
    if (to === 'all') this.#sendAll(message);
    else this.#world.send(this.id, to, message);
  }

  #sendAll(message: Packet): void {
    for (let peer = 0; peer < this.config.validators.length; peer++) {
      if (peer !== this.id) this.#world.send(this.id, peer, message);
    }
  }

  #sendHeaders(to: number, held: readonly Block[], next: string, above: number): void {
    const blocks = [...held];
    for (let hash = next; blocks.length < 128; ) {
      const block = this.disk.blocksByHash.get(hash);
      if (block === undefined || block.height <= above) break;
      blocks.push(block);
      hash = block.parent;
    }
    if (blocks.length > 0) this.#send(to, { type: 'headers', blocks });
  }

  #bodies(block: Block): void {
    const missing = block.batches.filter(digest => !this.disk.batches.has(digest));
    if (missing.length === 0) {
      this.#inbox.push({ type: 'bodies', hash: block.hash, barrier: false });
      return;
    }
    for (const digest of missing) {
      for (let peer = 0; peer < this.config.validators.length; peer++) {
        if (peer !== this.id) this.#world.send(this.id, peer, { type: 'batch-request', digest });
      }
    }
  }

  #execute(block: Block): void {
    const { life } = this;
    this.#world.later(1, () => {
      if (this.life !== life || this.state === null) return;
      const text = this.#world.ledger.execute(block);
      this.disk.store({ block, text });
      for (const digest of block.batches) this.executedBatches.add(digest);
      this.#world.watch.executed(this, block, text);
      this.handle({ type: 'executed', block: { height: block.height, hash: block.hash }, text });
    });
  }

  #compact(): void {
    if (!this.#world.compaction || this.disk.log.length < 40) return;
    this.disk.log = this.#world.protocol.compacted(this.state!);
    this.#world.compacted();
  }
}
