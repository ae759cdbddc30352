import type { Config } from '../../consensus/config.ts';
import type { Clock, Input } from '../../consensus/input.ts';
import type { Block, Message } from '../../consensus/messages.ts';
import type { Output, ToSign, WalRecord } from '../../consensus/output.ts';
import type { Draft } from '../../consensus/propose.ts';
import type * as protocolModule from '../../consensus/protocol.ts';
import { signedMessage } from '../../consensus/signed.ts';
import type { State } from '../../consensus/state.ts';
import { Disk, DiskFull } from './disk.ts';
import type { SimulatedLedger } from './ledger.ts';
import { batchSaying, CLIENT, type Symbols, saying } from './symbolic.ts';

/** The protocol under test: the real module, or a copy with one line broken. */
export type Protocol = typeof protocolModule;

/** What replicas send each other beside the protocol's messages: bodies of batches. */
export type HostMessage =
  | { readonly type: 'batch'; readonly digest: string; readonly signature: Uint8Array }
  | { readonly type: 'batch-request'; readonly digest: string };

/** Everything that travels. */
export type Packet = Message | HostMessage;

/** What a replica needs of the world around it. */
export interface World {
  readonly protocol: Protocol;
  readonly symbols: Symbols;
  readonly ledger: SimulatedLedger;
  clock(replica: number): Clock;
  send(from: number, to: number, packet: Packet): void;
  /** Whether every signature in a message holds. */
  verify(from: number, message: Message): boolean;
  /** Whether a batch that is here is offered for ordering now; an honest host offers all. */
  offers(digest: string): boolean;
  later(delay: number, run: () => void): void;
  /** How many records of a step's write survive, and whether the replica dies there; null: no crash. */
  crashPoint(records: number, rest: number): CrashPoint | null;
  /** A log was rewritten to what rebuilds its replica. */
  compacted(replica: Replica): void;
  /** A replica lost all but its disk. */
  died(replica: Replica, why: Death): void;
  readonly watch: Watch;
  readonly compaction: boolean;
}

/** Why a replica stopped. */
export type Death = 'crash' | 'torn' | 'disk full' | 'for ever';

/** A crash in the middle of one step's outputs. */
export interface CrashPoint {
  /** Whole records on disk. */
  readonly records: number;
  /** Outputs after the sync that still happened; only if all records did. */
  readonly rest: number;
}

/** What the checkers see. They throw when something is wrong. */
export interface Watch {
  /** It has read its disk; `lost`: it found that its memory is not whole, and has no vote. */
  started(replica: Replica, lost: string | null): void;
  /** True if its memory is taken to be whole without a look. */
  trusts(replica: Replica): boolean;
  /** A verified message, before and after its step. */
  received(replica: Replica, message: Message): void;
  handled(replica: Replica, message: Message): void;
  signed(replica: Replica, what: ToSign): void;
  refused(replica: Replica, what: ToSign, reason: string): void;
  persisted(replica: Replica, record: WalRecord): void;
  delivered(replica: Replica, output: Output): void;
  executed(replica: Replica, block: Block, text: string): void;
  stepped(replica: Replica, outputs: number): void;
}

/** One replica: the protocol, its disk, and a host that keeps the contract of `Output`. */
export class Replica {
  readonly disk = new Disk();
  readonly config: Config;
  readonly #world: World;
  /** Null while crashed. */
  state: State | null = null;
  /** Counts lives, so that what was planned in one does not reach into the next. */
  life = 0;
  /** True once it is never started again. */
  dead = false;
  #inbox: Input[] = [];
  /** What happened while the process stood still; null while it runs. */
  #held: (() => void)[] | null = null;

  constructor(world: World, config: Config) {
    this.#world = world;
    this.config = config;
  }

  get id(): number {
    return this.config.me;
  }

  /** Whether it has a vote: up, and of sound memory. */
  get votes(): boolean {
    return this.state?.config.votes === true;
  }

  /** Starts from what the disk holds. */
  start(): void {
    this.life++;
    const { disk } = this;
    const records = disk.read();
    if (records === null) disk.log = [];
    const { state, outputs, lost } = this.#remembered(disk.log);
    this.state = state;
    this.#world.watch.started(this, lost);
    if (!this.#carryOut(outputs)) return;
    for (const digest of disk.batches) this.#offer(digest);
    this.#drain();
  }

  /** What the log leads to; without a vote if the key may have signed more than is remembered. */
  #remembered(log: readonly WalRecord[]): ReturnType<Protocol['recover']> & { lost: string | null } {
    const { protocol } = this.#world;
    const recover = (config: Config) =>
      protocol.recover(config, log, this.disk.executed, this.#world.clock(this.id));
    const recovered = recover(this.config);
    const lost = protocol.memoryLoss(this.disk.guard, log.length > 0, recovered.state);
    if (lost === null || this.#world.watch.trusts(this)) return { ...recovered, lost: null };
    this.disk.guard = { ...(this.disk.guard ?? protocol.emptyGuard(this.config.epoch)), amnesiac: true };
    return { ...recover({ ...this.config, votes: false }), lost };
  }

  /** Loses everything but the disk. */
  crash(why: Death = 'crash'): void {
    if (this.state === null) return;
    this.state = null;
    this.#inbox = [];
    this.#held = null;
    this.#world.died(this, why);
  }

  /** Stands still for a while, as a stopped process or a machine that swaps; then everything comes at once. */
  pause(ms: number): boolean {
    if (this.state === null || this.#held !== null) return false;
    this.#held = [];
    const { life } = this;
    this.#world.later(ms, () => {
      if (this.life !== life || this.#held === null) return;
      const held = this.#held;
      this.#held = null;
      for (const run of held) if (this.life === life) run();
    });
    return true;
  }

  /** True if it stands still: then `run` waits. */
  #waits(run: () => void): boolean {
    this.#held?.push(run);
    return this.#held !== null;
  }

  /** The clock of the replica ticks; while it stands still nothing does. */
  tick(): void {
    if (this.#held !== null) return;
    this.handle({ type: 'tick', ...this.#world.clock(this.id) });
  }

  /** One input, and whatever it leads to here at once. */
  handle(input: Input): void {
    if (this.state === null || this.#waits(() => this.handle(input))) return;
    this.#inbox.push(input);
    this.#drain();
  }

  /** A client or a peer brings something. */
  receive(from: number, packet: Packet): void {
    if (this.state === null || this.#waits(() => this.receive(from, packet))) return;
    if (packet.type === 'batch') this.addBatch(packet.digest, packet.signature);
    else if (packet.type === 'batch-request') {
      const batch = this.#batch(packet.digest);
      if (batch !== null) this.#world.send(this.id, from, batch);
    } else if (this.#world.verify(from, packet)) {
      this.#world.watch.received(this, packet);
      if (!this.#world.protocol.isSettled(this.state, packet))
        this.handle({ type: 'message', from, message: packet });
      this.#world.watch.handled(this, packet);
    }
  }

  #batch(digest: string): (HostMessage & { type: 'batch' }) | null {
    if (this.disk.stale || !this.disk.batches.has(digest)) return null;
    return { type: 'batch', digest, signature: this.#world.symbols.sign(CLIENT, batchSaying(digest)) };
  }

  /** Persists a batch and offers it for ordering, if its publisher signed it. */
  addBatch(digest: string, signature: Uint8Array): void {
    if (this.state === null || this.disk.batches.has(digest) || this.disk.full) return;
    if (this.#waits(() => this.addBatch(digest, signature))) return;
    if (!this.#world.symbols.holds(CLIENT, batchSaying(digest), signature)) return;
    this.disk.batches.add(digest);
    this.#offer(digest);
    for (const { block, bodies } of [...this.state.blocks.values()]) {
      if (bodies === null && block.batches.includes(digest)) this.#bodies(block);
    }
    this.#drain();
  }

  /** A holder sends what waits too long to all again: the leader may never have had it. */
  pushOverdue(): void {
    if (this.#held !== null) return;
    for (const digest of this.state?.pool.keys() ?? []) {
      const batch = this.#batch(digest);
      if (batch !== null) this.#sendAll(batch);
    }
  }

  /** Offers again what was held back. */
  offerHeld(): void {
    if (this.state === null || this.#held !== null) return;
    for (const digest of this.disk.batches) if (!this.state.pool.has(digest)) this.#offer(digest);
    this.#drain();
  }

  #offer(digest: string): void {
    if (this.disk.executedBatches.has(digest) || !this.#world.offers(digest)) return;
    this.#inbox.push({ type: 'batch', digest, barrier: isGovernance(digest), size: 1 });
  }

  readonly #hashBlock = (draft: Draft): string => this.#world.symbols.hashBlock(draft);

  #drain(): void {
    for (let input = this.#inbox.shift(); input !== undefined; input = this.#inbox.shift()) {
      if (this.state === null) return;
      const outputs = this.#world.protocol.step(this.state, input, this.#hashBlock);
      if (outputs.length > 0 && !this.#carryOut(outputs)) return;
      this.#world.watch.stepped(this, outputs.length);
    }
  }

  /** The contract: records, one sync, then the rest in order. False if it died on the way. */
  #carryOut(outputs: readonly Output[]): boolean {
    let records = 0;
    while (outputs[records]?.type === 'persist') records++;
    const crash = outputs.length === 0 ? null : this.#world.crashPoint(records, outputs.length - records);
    const kept = crash?.records ?? records;
    if (records > 0 && !this.#append(outputs.slice(0, records), kept)) return false;
    if (kept === records) {
      const until = records + (crash?.rest ?? outputs.length);
      for (let i = records; i < outputs.length && i < until; i++) this.#do(outputs[i]!);
      if (crash === null) this.#compact(outputs);
    }
    if (crash !== null) this.crash(kept < records ? 'torn' : 'crash');
    return crash === null;
  }

  /** Records and one sync; false if the disk is full, and the replica stopped. */
  #append(outputs: readonly Output[], kept: number): boolean {
    const records = outputs.flatMap(output => (output.type === 'persist' ? [output.record] : []));
    try {
      this.disk.append(records, kept);
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      this.crash('disk full');
      return false;
    }
    for (let i = 0; i < kept; i++) this.#world.watch.persisted(this, records[i]!);
    return true;
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
    const guard = this.disk.guard ?? protocol.emptyGuard(this.config.epoch);
    const verdict = protocol.admit(guard, what, tosign => saying(tosign, symbols));
    if ('refused' in verdict) {
      watch.refused(this, what, verdict.refused);
    } else if (verdict.guard !== guard) {
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
    for (let hash = next; blocks.length < 128 && !this.disk.stale; ) {
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
      this.#inbox.push({
        type: 'bodies',
        hash: block.hash,
        barrier: block.batches.some(isGovernance),
        size: block.batches.length,
      });
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
    this.#world.later(1, () => this.#executed(block, life));
  }

  #executed(block: Block, life: number): void {
    if (this.life !== life || this.state === null || this.#waits(() => this.#executed(block, life))) return;
    const text = this.#world.ledger.execute(block);
    try {
      this.disk.store({ block, text, closes: false });
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      this.crash('disk full');
      return;
    }
    this.#world.watch.executed(this, block, text);
    this.handle({ type: 'executed', block: { height: block.height, hash: block.hash }, text, closes: false });
  }

  #compact(outputs: readonly Output[]): void {
    if (!this.#world.compaction || this.disk.log.length < 40) return;
    if (!outputs.some(output => output.type === 'persist' && output.record.type === 'checkpoint')) return;
    this.disk.log = this.#world.protocol.compacted(this.state!);
    this.#world.compacted(this);
  }
}

/** One batch in so many holds a governance submission: nothing stands on its block before it is executed. */
const GOVERNANCE = 40;

/** Whether a symbolic batch holds a governance submission. */
export function isGovernance(digest: string): boolean {
  return Number(digest.slice(digest.lastIndexOf(' ') + 1)) % GOVERNANCE === 7;
}
