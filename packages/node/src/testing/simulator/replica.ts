import type { Config } from '../../consensus/config.ts';
import type { Input } from '../../consensus/input.ts';
import type { Block, Message } from '../../consensus/messages.ts';
import type { Output, ToSign } from '../../consensus/output.ts';
import type { Draft } from '../../consensus/propose.ts';
import { signedMessage } from '../../consensus/signed.ts';
import type { State } from '../../consensus/state.ts';
import type { Own } from '../../engine/epochs.ts';
import { isGovernance, sizeOf, sizeOfAll } from './batches.ts';
import { type Disk, DiskFull } from './disk.ts';
import { Home } from './home.ts';
import type { HostMessage, Packet } from './packets.ts';
import type { Seat } from './seat.ts';
import { batchSaying, CLIENT, saying } from './symbolic.ts';
import type { Death, World } from './world.ts';

/** Ms after which another look is had for bodies that execution waits for. */
const AGAIN = 500;

/** One replica: the protocol, its disk, and a host that keeps the contract of `Output`. */
export class Replica {
  readonly #world: World;
  readonly #home: Home;
  /** Null while crashed. */
  state: State | null = null;
  /** Counts lives, so that what was planned in one does not reach into the next. */
  life = 0;
  /** True once it is never started again. */
  dead = false;
  #inbox: Input[] = [];
  /** What happened while the process stood still; null while it runs. */
  #held: (() => void)[] | null = null;

  constructor(world: World, id: number, settings: Own['settings']) {
    this.#world = world;
    this.#home = new Home(world, id, settings);
  }

  get id(): number {
    return this.#home.id;
  }

  get disk(): Disk {
    return this.#home.disk;
  }

  /** Number of the key it signs with. */
  get key(): number {
    return this.#home.key;
  }

  /** Its part in the epoch it is in. */
  get seat(): Seat {
    return this.#home.seat;
  }

  get config(): Config {
    return this.seat.config;
  }

  /** Whether it has a vote: up, of the set, and of sound memory. */
  get votes(): boolean {
    return this.state?.config.votes === true;
  }

  /** Starts from what the disk holds. */
  start(): void {
    this.life++;
    const trusted = (): boolean => this.#world.watch.trusts(this);
    if (this.#home.skip(this.#world.clock(this.id), trusted)) this.#world.watch.rewritten(this);
    const { state, outputs, lost } = this.#home.remember(this.#world.clock(this.id), trusted);
    this.state = state;
    this.#world.watch.started(this, lost);
    if (!this.#carryOut(outputs)) return;
    this.#offerAll();
    this.#drain();
  }

  /** Its operator stops it and gives it a key that nobody has used. It has no vote until a set names that key. */
  rekey(): void {
    this.crash('for ever');
    this.#home.rekey();
  }

  /**
   * It ends, to begin again upon another's certified state. Before, its log has the certificate of its own epoch, by which
   * its key has a past; false if it died over that, or stands still.
   */
  adopt(from: Disk): boolean {
    if (this.#held !== null) return false;
    const certificate = this.#home.certificateOn(from);
    const message = { type: 'checkpoint-certificate', certificate } as const;
    this.handle({ type: 'message', from: Math.max(0, this.config.me), message });
    if (this.state === null) return false;
    this.crash('for ever');
    this.#home.adopt(from);
    this.#world.watch.adopted(this);
    return true;
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

  /** A connection to a peer opened. */
  connected(peer: number): void {
    if (this.state === null || this.#waits(() => this.connected(peer))) return;
    this.handle({ type: 'connected', peer: this.seat.positionOf(peer) });
  }

  /** A client or a peer brings something. */
  receive(from: number, packet: Packet): void {
    if (this.state === null || this.#waits(() => this.receive(from, packet))) return;
    if (packet.type === 'batch') this.addBatch(packet.digest, packet.signature);
    else if (packet.type === 'batch-request') {
      const batch = this.#batch(packet.digest);
      if (batch !== null) this.#world.send(this.id, from, batch);
    } else if (this.#world.verify(from, packet, this)) {
      this.#world.watch.received(this, packet);
      const settled = this.#world.protocol.isSettled(this.state, packet);
      if (settled) this.#world.watch.settled(this, packet);
      // Others than votes may be settled only while their signatures are checked: then they come to the step all the same.
      if (!settled || (packet.type !== 'vote' && packet.type !== 'checkpoint-vote'))
        this.handle({ type: 'message', from: this.seat.positionOf(from), message: packet });
      this.#world.watch.handled(this, packet);
    }
  }

  #batch(digest: string): (HostMessage & { type: 'batch' }) | null {
    if (!this.disk.batches.has(digest) || this.disk.hides()) return null;
    return { type: 'batch', digest, signature: this.#world.symbols.sign(CLIENT, batchSaying(digest)) };
  }

  /** Persists a batch and offers it for ordering, if its publisher signed it. */
  addBatch(digest: string, signature: Uint8Array): void {
    if (this.state === null || this.disk.batches.has(digest) || this.disk.full) return;
    if (this.#waits(() => this.addBatch(digest, signature))) return;
    if (!this.#world.symbols.holds(CLIENT, batchSaying(digest), signature)) return;
    if (this.#world.isExpired(digest) && !this.#world.protocol.namedBatches(this.state).has(digest)) return;
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

  /** Gives up what expired and was not executed, all but what a block names; says how many. */
  expire(): { readonly gone: number; readonly kept: number } {
    const { batches, executedBatches } = this.disk;
    if (this.#held !== null) return { gone: 0, kept: 0 };
    const old = [...batches].filter(digest => !executedBatches.has(digest) && this.#world.isExpired(digest));
    for (const digest of old) this.handle({ type: 'batch-dropped', digest });
    if (this.state === null) return { gone: 0, kept: 0 };
    const named = this.#world.protocol.namedBatches(this.state);
    const going = old.filter(digest => !named.has(digest));
    for (const digest of going) batches.delete(digest);
    return { gone: going.length, kept: old.length - going.length };
  }

  /** Offers again what was held back. */
  offerHeld(): void {
    if (this.state === null || this.#held !== null) return;
    for (const digest of this.disk.batches) if (!this.state.pool.has(digest)) this.#offer(digest);
    this.#drain();
  }

  #offerAll(): void {
    for (const digest of this.disk.batches) this.#offer(digest);
  }

  #offer(digest: string): void {
    if (this.disk.executedBatches.has(digest) || !this.#world.offers(digest)) return;
    const size = sizeOf(digest);
    this.#inbox.push({ type: 'batch', digest, barrier: isGovernance(digest), size, weight: size });
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
    const crash =
      outputs.length === 0 ? null : this.#world.crashPoint(this, records, outputs.length - records);
    const kept = crash?.records ?? records;
    if (records > 0 && !this.#append(outputs.slice(0, records), kept)) return false;
    if (kept === records) {
      const until = records + (crash?.rest ?? outputs.length);
      for (let i = records; i < outputs.length && i < until; i++) this.#do(outputs[i]!);
    }
    if (crash === null) return this.#rewrite(outputs);
    this.crash(kept < records ? 'torn' : 'crash');
    return false;
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
    else if (output.type === 'send-handover') this.#sendHandover(output.to, output.epoch);
    else if (output.type === 'final')
      this.disk.certificates.set(output.certificate.height, output.certificate);
    else if (output.type === 'need-bodies') this.#bodies(output.block);
    else if (output.type === 'execute') this.#execute(output.block);
  }

  #sign(what: ToSign): void {
    const { protocol, symbols, watch } = this.#world;
    const { guard } = this.#home;
    const verdict = protocol.admit(guard, what, tosign => saying(tosign, symbols));
    if ('refused' in verdict) {
      watch.refused(this, what, verdict.refused);
    } else if (verdict.guard !== guard) {
      this.disk.guard = protocol.prune(verdict.guard, this.state!.low);
    }
    watch.signed(this, what);
    const signature = symbols.sign(this.key, saying(what, symbols));
    const message = signedMessage(what, this.config.epoch, this.config.me, signature);
    this.#send('all', message);
    this.#inbox.push({ type: 'message', from: this.config.me, message });
  }

  #send(to: number | 'all', message: Message): void {
    if (to === 'all') this.#sendAll(message);
    else this.#world.send(this.id, this.seat.idAt(to), message);
  }

  /** To the other validators: who has no vote asks for what it lacks. */
  #sendAll(message: Packet): void {
    for (const peer of this.seat.peers) this.#world.send(this.id, peer, message);
  }

  /** To a peer in an epoch that is over: what proves its last block final. */
  #sendHandover(to: number, epoch: number): void {
    const end = this.#home.epochs.set(epoch + 1)!.start - 1;
    const certificate = this.disk.certificates.get(end);
    if (certificate !== undefined) this.#send(to, { type: 'checkpoint-certificate', certificate });
  }

  #sendHeaders(to: number, held: readonly Block[], next: string, above: number): void {
    const blocks = [...held];
    for (let hash = next; blocks.length < 128; ) {
      const block = this.disk.blocksByHash.get(hash);
      if (block === undefined || block.height <= above || this.disk.hides()) break;
      blocks.push(block);
      hash = block.parent;
    }
    if (blocks.length > 0) this.#send(to, { type: 'headers', blocks });
  }

  #bodies(block: Block): void {
    if (!this.#hasBodies(block)) return;
    this.#inbox.push({
      type: 'bodies',
      hash: block.hash,
      barrier: block.batches.some(isGovernance),
      size: sizeOfAll(block.batches),
      weight: sizeOfAll(block.batches),
    });
  }

  /** Whether all bodies of a block are here; asks all for those that are not. */
  #hasBodies({ batches }: Block): boolean {
    const missing = batches.filter(digest => !this.disk.batches.has(digest));
    for (const digest of missing) this.#sendAll({ type: 'batch-request', digest });
    return missing.length === 0;
  }

  #execute(block: Block): void {
    const { life } = this;
    this.#world.watch.ordered(this, block);
    this.#world.later(1, () => this.#executed(block, life));
  }

  #executed(block: Block, life: number): void {
    if (this.life !== life || this.state === null || this.#waits(() => this.#executed(block, life))) return;
    if (!this.#hasBodies(block)) {
      this.#world.later(AGAIN, () => this.#executed(block, life));
      return;
    }
    const { disk } = this;
    const { ledger } = this.#world;
    disk.state ??= ledger.fresh();
    const { take, ...result } = ledger.executeOn(disk.state, block);
    try {
      disk.store({ block, ...result });
      take();
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      this.crash('disk full');
      return;
    }
    this.#world.watch.executed(this, block, result);
    this.handle({ type: 'executed', block: { height: block.height, hash: block.hash }, ...result });
  }

  /** What replaces the log after a step: the next epoch's beginning, or the records that rebuild the state. */
  #rewrite(outputs: readonly Output[]): boolean {
    const { protocol, compaction } = this.#world;
    if (protocol.isOver(this.state!)) return this.#open();
    if (!compaction || this.disk.full || this.disk.log.length < 40) return true;
    if (!outputs.some(output => output.type === 'persist' && output.record.type === 'checkpoint'))
      return true;
    this.disk.rewrite(protocol.compacted(this.state!));
    this.#world.compacted(this);
    return true;
  }

  /** Begins the next epoch: view 0 upon its barrier block. False if it died on the way. */
  #open(): boolean {
    try {
      this.state = this.#home.open(this.state!, this.#world.clock(this.id));
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      this.crash('disk full');
      return false;
    }
    this.#world.watch.opened(this);
    if (this.#world.crashPoint(this, 0, 0) !== null) {
      this.crash();
      return false;
    }
    this.#offerAll();
    return true;
  }
}
