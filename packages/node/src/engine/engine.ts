import { bytesOfHex, isObserverCode } from '@qifeng/core';
import { useOf } from '../consensus/accept.ts';
import { NOTHING, together } from '../consensus/amount.ts';
import { isCommitted } from '../consensus/chain.ts';
import type { Config } from '../consensus/config.ts';
import type { Input } from '../consensus/input.ts';
import {
  type Block,
  type CheckpointCertificate,
  type Evidence,
  epochOf,
  type Message,
} from '../consensus/messages.ts';
import type { WalRecord } from '../consensus/output.ts';
import { compacted, isOver, opened } from '../consensus/recover.ts';
import { isSettled } from '../consensus/settled.ts';
import type { State } from '../consensus/state.ts';
import { step } from '../consensus/step.ts';
import type { Batch } from '../mempool/batch.ts';
import { BodyDesk } from './body-desk.ts';
import { BodyFetcher, type BodyFetcherHost } from './body-fetcher.ts';
import type { EngineParts } from './engine-parts.ts';
import { configOf } from './epochs.ts';
import { certificateAt } from './from-store.ts';
import { HeaderDesk } from './header-desk.ts';
import { LateDoubles } from './late-doubles.ts';
import { OwnClock } from './own-clock.ts';
import { type Effect, Pipeline } from './pipeline.ts';
import { recovered } from './recovery.ts';
import { keysOf, Seat } from './seat.ts';
import { guardedSigner } from './signing.ts';
import { messageVerifier } from './verify.ts';
import { blockHasher, headerOf, type WireCodecs, wireCodecs } from './wire/codecs.ts';
import { type Frame, type FrameCodec, frameCodec, frameRule, isOfFollower, laneOf } from './wire/frames.ts';
import { type RecordCodec, recordCodec } from './wire/records.ts';
import { type SignedBytes, signedBytesOf } from './wire/signed-bytes.ts';

/** Ms between ticks. */
const TICK_MS = 50;
/** Final blocks after which the log is rewritten to what rebuilds the state: when nothing else waits, and at the latest. */
const COMPACT_AFTER = 256;
const COMPACT_AT_MOST_AFTER = 1024;

/** What the engine is told of a batch. */
export type Offered = Pick<Batch, 'digest' | 'barrier' | 'size' | 'weight'>;

/** The host of the protocol on one machine: time, disk, network and keys around the pure `step`. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #codecs: WireCodecs;
  readonly #frames: FrameCodec;
  readonly #records: RecordCodec;
  readonly #signed: SignedBytes;
  readonly #pipeline: Pipeline;
  readonly #hashBlock: ReturnType<typeof blockHasher>;
  readonly #desk: BodyDesk;
  readonly #headers: HeaderDesk;
  readonly #fetcher: BodyFetcher;
  readonly #clock: OwnClock;
  readonly #heard = new Set<string>();
  readonly #refused = new Map<string, number>();
  readonly #doubles = new LateDoubles(message => this.#seat!.verify(message));
  #seat: Seat | null = null;
  #state: State | null = null;
  #timer: NodeJS.Timeout | null = null;
  #finals = 0;
  #stopped = false;
  /** The block whose execution waits for a body that was here. */
  #lacking: Block | null = null;
  #executing: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts) {
    const { chain, suite } = parts;
    this.#parts = parts;
    this.#desk = new BodyDesk(parts.store);
    this.#headers = new HeaderDesk(parts.store, suite.hasher);
    this.#clock = new OwnClock(parts.clock);
    this.#codecs = wireCodecs(chain.hash, suite.hasher);
    this.#frames = frameCodec(this.#codecs);
    this.#records = recordCodec(this.#codecs);
    this.#hashBlock = blockHasher(chain.hash, suite.hasher);
    this.#signed = signedBytesOf(chain.hash, suite.hasher, this.#codecs);
    const fetching: BodyFetcherHost = {
      sizeOf: digest => parts.bodies.sizeOf(digest),
      connected: () => parts.transport.connected(),
      request: (member, digests) => this.send(member, { type: 'batch-request', digests }),
      complete: block => this.#complete(block),
      useOf: block => useOf(this.#state!, block),
    };
    this.#fetcher = new BodyFetcher(fetching, parts.own.settings.maxBytes);
    this.#pipeline = new Pipeline(
      parts.log,
      this.#records,
      effects => this.#carryOut(effects),
      idle => this.#compacted(idle),
      error => parts.fatal(error),
    );
  }

  /** What the protocol knows; null before `start`. */
  get state(): State | null {
    return this.#state;
  }

  /**
   * Frames a member sent that nobody honest sends: none of ours, or a message of the present epoch in which something is not
   * as its signers made it.
   */
  get refused(): ReadonlyMap<string, number> {
    return this.#refused;
  }

  /** Recovers from disk and joins the others. */
  async start(): Promise<void> {
    const { transport, clock } = this.#parts;
    const sit = (config: Config): Seat => this.#sit(config);
    const { state, outputs } = await recovered(this.#parts, this.#codecs, this.#records, this.#clock, sit);
    this.#state = state;
    this.#pipeline.push(outputs);
    transport.ruleOf = frameRule;
    transport.onFrame = (from, frame) => this.#onFrame(from, frame).catch(error => this.#parts.fatal(error));
    transport.onPeer = (code, connected) => {
      const peer = this.#seat!.positionOf(code);
      if (connected && peer >= 0) this.#input({ type: 'connected', peer });
    };
    await transport.start();
    this.#pipeline.poke();
    this.#timer = setInterval(() => {
      this.#input({ type: 'tick', ...this.#clock.tick() });
      this.#fetcher.tick(clock().now);
      this.#parts.snapshots.tick();
    }, TICK_MS);
  }

  /** Takes the seat that a configuration describes; an amnesiac key has no vote. */
  #sit(config: Config): Seat {
    const { chain, epochs, pool, signer, guard, transport, fatal } = this.#parts;
    const guarded = guardedSigner(config, signer, this.#signed, guard, (what, reason) =>
      fatal(new Error(`the guard refuses to sign a ${what.type}: ${reason}`)),
    );
    const seated = { ...config, votes: config.votes && !guarded.amnesiac };
    const keys = keysOf(epochs.set(config.epoch)!.validators);
    const verifier = messageVerifier(chain, config.epoch, keys, this.#signed, pool);
    const contacts = epochs.contacts();
    const codes = contacts.map(({ code }) => code);
    this.#seat = new Seat(seated, codes, verifier, guarded);
    transport.setMembers(contacts);
    return this.#seat;
  }

  /** Whether a member said where it stands since this engine was made: who was not heard may be far ahead. */
  hasHeard(code: string): boolean {
    return this.#heard.has(code);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#parts.transport.stop();
    await this.#executing;
  }

  /** Offers a persisted batch for ordering, and gives its body to blocks that wait for it. */
  offer({ digest, barrier, size, weight }: Offered): void {
    this.#input({ type: 'batch', digest, barrier, size, weight });
    this.#fetcher.arrived(digest, size, null, this.#parts.clock().now);
  }

  /** Sends a batch to every validator. */
  push(batch: Batch): void {
    this.#sendAll({ type: 'batch', bytes: batch.bytes });
  }

  /** A batch needs no ordering any more. */
  forget(digest: string): void {
    this.#input({ type: 'batch-dropped', digest });
  }

  /** Takes a certificate in that was verified; resolves when the log has it. */
  async learn(certificate: CheckpointCertificate): Promise<void> {
    const message = { type: 'checkpoint-certificate', certificate } as const;
    this.#input({ type: 'message', from: Math.max(0, this.#seat!.config.me), message });
    await this.#pipeline.idle();
  }

  /** Evidence that was stored before. */
  accuse(evidence: Evidence): void {
    this.#input({ type: 'message', from: this.#seat!.config.me, message: { type: 'evidence', evidence } });
  }

  #input(input: Input): void {
    if (this.#state === null || this.#stopped) return;
    this.#pipeline.push(step(this.#state, input, this.#hashBlock));
  }

  async #onFrame(code: string, bytes: Uint8Array): Promise<void> {
    const frame = this.#frames.decode(bytes);
    if (this.#stopped) return;
    if (!frame.ok) {
      this.#refuse(code);
      return;
    }
    const observes = isObserverCode(code);
    if (observes && !isOfFollower(frame.value)) return;
    if (frame.value.type === 'message') {
      const { message } = frame.value;
      if (message.type === 'status' && !observes) this.#parts.snapshots.heard(code, message.status.final);
      const state = this.#state;
      if (state === null) return;
      // Awaited in any case: whose frames are checked for it is read no faster than they are.
      const late = this.#doubles
        .found(state, this.#seat!.positionOf(code), message)
        .then(found => found !== null && this.accuse(found));
      if (isSettled(state, message)) return void (await late);
      const { epoch } = state.config;
      const [isSound] = await Promise.all([this.#seat!.verify(message), late]);
      if (!isSound) {
        if ((epochOf(message) ?? epoch) === epoch) this.#refuse(code);
        return;
      }
      // The epoch may have changed meanwhile, and with it the positions.
      const from = this.#seat!.positionOf(code);
      if (from >= 0) this.#input({ type: 'message', from, message });
      if (message.type === 'status') this.#heard.add(code);
    } else if (frame.value.type === 'batch') {
      const { bodies, keeps, onBatch } = this.#parts;
      const wants = (batch: Batch): boolean =>
        this.#fetcher.takes(batch.digest, batch.size) || keeps(batch, code);
      const batch = await bodies.receive(frame.value.bytes, wants);
      if (batch === null) return;
      const { state } = this;
      // A committed block waits for it: then it needs no ordering.
      const ordered = [...this.#fetcher.blocksOf(batch.digest)].some(block => isCommitted(state!, block));
      this.#fetcher.arrived(batch.digest, batch.size, code, this.#parts.clock().now);
      if (ordered) return;
      onBatch(batch, code);
      this.offer(batch);
    } else if (frame.value.type === 'log-line-request' || frame.value.type === 'log-line')
      this.#parts.onLogLine(code, frame.value);
    else if (frame.value.type !== 'batch-request') this.#parts.snapshots.onFrame(code, frame.value);
    else {
      for (const body of this.#desk.answer(code, frame.value.digests))
        this.send(code, { type: 'batch', bytes: body });
    }
  }

  #refuse(code: string): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
  }

  #carryOut(effects: readonly Effect[]): void {
    if (this.#stopped || this.#state === null) return;
    const { signer, config } = this.#seat!;
    const toSign = effects.flatMap(effect => (effect.type === 'sign' ? [effect.what] : []));
    const signed = toSign.length === 0 ? [] : signer.sign(toSign, this.#state.low);
    for (const message of signed) {
      this.#sendAll({ type: 'message', message });
      this.#input({ type: 'message', from: config.me, message });
    }
    for (const effect of effects) {
      this.#do(effect);
      if (effect.type === 'final') this.#finals++;
    }
    this.#fetcher.ask(this.#parts.clock().now);
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'sign':
        break;
      case 'send':
        this.#sendMessage(effect.to, effect.message);
        break;
      case 'send-headers':
        this.#sendHeaders(effect);
        break;
      case 'send-handover':
        this.#sendHandover(effect.to, effect.epoch);
        break;
      case 'need-bodies':
        this.#fetcher.want(effect.block);
        break;
      case 'execute':
        this.#execute(effect.block);
        break;
      case 'final':
        this.#parts.onFinal(effect.certificate).then(() => this.#pipeline.poke(), this.#parts.fatal);
        break;
      case 'evidence':
        this.#parts.onEvidence(effect.evidence);
        break;
      case 'asks':
        this.#parts.onAsks(effect);
        break;
      case 'diverged':
        this.#parts.fatal(new Error(`diverged: ${effect.reason}`));
        break;
    }
  }

  #execute(block: Block): void {
    const { chain, bodies, execute, onExecuted, onMissing, fatal } = this.#parts;
    const batches = block.batches.map(digest => bodies.get(digest));
    if (batches.includes(null)) {
      // It was here when the block was accepted. Those who committed it have it too: execution waits for them.
      this.#lacking = block;
      onMissing(block.height);
      this.#fetcher.want(block);
      return;
    }
    this.#executing = execute(
      headerOf(block, chain.hash),
      bytesOfHex(block.hash),
      batches as readonly Batch[],
    ).then(
      result => {
        onExecuted(block);
        this.#fetcher.executed(block.height, this.#parts.clock().now);
        // A governance record may have changed who can be reached.
        if (block.barrier && !result.closes) this.#sit(this.#seat!.config);
        const { height, hash } = block;
        this.#input({ type: 'executed', block: { height, hash }, ...result });
        this.#pipeline.poke();
      },
      error => fatal(error),
    );
  }

  /** All bodies of a block are here. */
  #complete(block: Block): void {
    const batches = block.batches.map(digest => this.#parts.bodies.get(digest)!);
    const barrier = batches.some(batch => batch.barrier);
    this.#input({ type: 'bodies', hash: block.hash, barrier, ...batches.reduce(together, NOTHING) });
    if (block.hash !== this.#lacking?.hash) return;
    this.#lacking = null;
    this.#execute(block);
  }

  #sendHeaders({ to, blocks: held, next, above }: Effect & { readonly type: 'send-headers' }): void {
    const code = this.#seat!.codeAt(to);
    const blocks = code === null ? [] : this.#headers.answer(code, held, next, above);
    if (blocks.length > 0) this.#sendMessage(to, { type: 'headers', blocks });
  }

  /** To a peer in an epoch that is over: what proves its last block final. */
  #sendHandover(to: number, epoch: number): void {
    const { epochs, store } = this.#parts;
    const certificate = certificateAt(store, this.#codecs, epochs.set(epoch + 1)!.start - 1);
    if (certificate !== null) this.#sendMessage(to, { type: 'checkpoint-certificate', certificate });
  }

  /**
   * What replaces the log: while nothing waits, the next epoch's beginning once its barrier block is final and executed here,
   * or after enough final blocks the records that rebuild the state. Under load something always waits: then later.
   */
  #compacted(idle: boolean): readonly WalRecord[] | null {
    const state = this.#state;
    if (state === null || this.#stopped) return null;
    if (idle && isOver(state)) {
      // The log of the next epoch forgets the certificate: it must be in the store.
      const kept = certificateAt(this.#parts.store, this.#codecs, state.low);
      return kept === null ? null : this.#open(state.config.epoch + 1);
    }
    if (this.#finals < (idle ? COMPACT_AFTER : COMPACT_AT_MOST_AFTER)) return null;
    this.#finals = 0;
    return compacted(state);
  }

  /** Begins an epoch: view 0 upon its barrier block. Votes, certificates and timers of the old one are gone. */
  #open(epoch: number): readonly WalRecord[] {
    const { epochs, own, onEpoch } = this.#parts;
    const { config } = this.#sit(configOf(epochs, own, epoch));
    const state = opened(this.#state!, config, this.#clock.read());
    const records = compacted(state);
    this.#state = state;
    this.#finals = 0;
    onEpoch(epoch);
    return records;
  }

  #sendMessage(to: number | 'all', message: Message): void {
    if (message.type === 'header-request' && this.#parts.snapshots.active) return;
    const frame: Frame = { type: 'message', message };
    if (to === 'all') this.#sendAll(frame);
    else {
      const code = this.#seat!.codeAt(to);
      if (code !== null) this.send(code, frame);
    }
  }

  #sendAll(frame: Frame): void {
    const bytes = this.#frames.encode(frame);
    for (const code of this.#seat!.peers) this.#parts.transport.send(code, bytes, laneOf(frame));
  }

  /** Sends a frame to one member. */
  send(code: string, frame: Frame): void {
    this.#parts.transport.send(code, this.#frames.encode(frame), laneOf(frame));
  }
}
