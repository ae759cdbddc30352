import {
  blockHash,
  bytesOfHex,
  type Chain,
  decode,
  type Header,
  type Signer,
  type Suite,
} from '@qifeng/core';
import { MAX_HEADERS } from '../consensus/chain.ts';
import type { BlockRef, Config } from '../consensus/config.ts';
import { memoryLoss } from '../consensus/guard.ts';
import type { Clock, Input } from '../consensus/input.ts';
import type { Block, CheckpointCertificate, Evidence, Message } from '../consensus/messages.ts';
import type { WalRecord } from '../consensus/output.ts';
import { compacted, type Executed, opened, recover } from '../consensus/recover.ts';
import { isSettled } from '../consensus/settled.ts';
import type { State } from '../consensus/state.ts';
import { step } from '../consensus/step.ts';
import type { Batch } from '../mempool/batch.ts';
import type { Bodies } from '../mempool/bodies.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { GuardFile, WriteAheadLog } from '../ports/log.ts';
import type { Transport } from '../ports/transport.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { BodyDesk, isNamed } from './body-desk.ts';
import { configOf, type EpochBase, type Epochs, type Own } from './epochs.ts';
import { type Effect, Pipeline } from './pipeline.ts';
import { keysOf, Seat } from './seat.ts';
import { guardedSigner } from './signing.ts';
import { messageVerifier } from './verify.ts';
import { blockHasher, blockOf, headerOf, type WireCodecs, wireCodecs } from './wire/codecs.ts';
import { type Frame, type FrameCodec, frameCodec, frameRule, laneOf } from './wire/frames.ts';
import { type RecordCodec, recordCodec } from './wire/records.ts';
import { type SignedBytes, signedBytesOf } from './wire/signed-bytes.ts';

/** Ms between ticks. */
const TICK_MS = 50;
/** Final blocks after which the log is rewritten to what rebuilds the state. */
const COMPACT_AFTER = 256;

/** What an engine runs on. */
export interface EngineParts {
  readonly chain: Chain;
  readonly suite: Suite;
  readonly own: Own;
  readonly epochs: Epochs;
  readonly signer: Signer;
  readonly store: LedgerStore;
  readonly log: WriteAheadLog;
  readonly guard: GuardFile;
  readonly transport: Transport;
  readonly pool: VerificationPool;
  readonly bodies: Bodies;
  clock(): Clock;
  /** Executes a block and stores it, synced; gives its checkpoint text, and whether its state holds the next epoch. */
  execute(header: Header, hash: Uint8Array, batches: readonly Batch[]): Promise<Result>;
  /** A block was executed here. */
  onExecuted(block: Block): void;
  /** A certificate is stored: all up to its height is final. */
  onFinal(certificate: CheckpointCertificate): void;
  /** An epoch began: what waits has to be offered again. */
  onEpoch(epoch: number): void;
  /** A member signed two things that exclude each other. */
  onEvidence(evidence: Evidence): void;
  /** Whether a batch that no block names is worth its place. */
  keeps(batch: Batch, from: string): boolean;
  /** A well-formed batch came from a peer. */
  onBatch(batch: Batch, from: string): void;
  /** This key signs nothing any more in this epoch; `reason` for the operator. */
  onAmnesia(reason: string): void;
  /** Nothing can go on: stop the process. */
  fatal(error: unknown): void;
}

/** What executing a block came to. */
export interface Result {
  readonly text: string;
  readonly closes: boolean;
}

/** The host of the protocol on one machine: time, disk, network and keys around the pure `step`. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #codecs: WireCodecs;
  readonly #frames: FrameCodec;
  readonly #records: RecordCodec;
  readonly #signed: SignedBytes;
  readonly #pipeline: Pipeline;
  readonly #hashBlock: ReturnType<typeof blockHasher>;
  /** How often the bodies of a block were asked for: each time of another peer. */
  readonly #asked = new WeakMap<Block, number>();
  readonly #desk: BodyDesk;
  #seat: Seat | null = null;
  #state: State | null = null;
  #timer: NodeJS.Timeout | null = null;
  #finals = 0;
  #stopped = false;
  #executing: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts) {
    const { chain, suite } = parts;
    this.#parts = parts;
    this.#desk = new BodyDesk(parts.store);
    this.#codecs = wireCodecs(chain.hash, suite.hasher);
    this.#frames = frameCodec(this.#codecs);
    this.#records = recordCodec(this.#codecs);
    this.#hashBlock = blockHasher(chain.hash, suite.hasher);
    this.#signed = signedBytesOf(chain.hash, suite.hasher, this.#codecs);
    this.#pipeline = new Pipeline(
      parts.log,
      this.#records,
      effects => this.#carryOut(effects),
      () => this.#compacted(),
      error => parts.fatal(error),
    );
  }

  /** What the protocol knows; null before `start`. */
  get state(): State | null {
    return this.#state;
  }

  /** Recovers from disk and joins the others. */
  async start(): Promise<void> {
    const { log, transport, clock } = this.#parts;
    const records = log.read().map(bytes => this.#records.decode(bytes));
    this.#pipeline.push(this.#remember(records));
    transport.ruleOf = frameRule;
    transport.onFrame = (from, frame) => this.#onFrame(from, frame).catch(error => this.#parts.fatal(error));
    transport.onPeer = (code, connected) => {
      const peer = this.#seat!.positionOf(code);
      if (connected && peer >= 0) this.#input({ type: 'connected', peer });
    };
    await transport.start();
    this.#pipeline.poke();
    this.#timer = setInterval(() => this.#input({ type: 'tick', ...clock() }), TICK_MS);
  }

  /** The epoch and state that the log leads to; without a vote if the key may have signed more than is remembered. */
  #remember(records: readonly WalRecord[]): ReturnType<typeof recover>['outputs'] {
    const { store, epochs, own, clock, onAmnesia } = this.#parts;
    const { epoch, base } = this.#lastEpoch(records);
    const head = store.head();
    const executed: Executed | null =
      head === null
        ? null
        : {
            block: blockOf(head.header, head.hash),
            text: head.text,
            closes: epochs.newest() > epoch,
          };
    const config = this.#sit(configOf(epochs, own, epoch, base));
    const recovered = recover(config, records, executed, clock());
    this.#state = recovered.state;
    const lost = config.votes
      ? memoryLoss(this.#seat!.signer.guard, records.length > 0, recovered.state)
      : null;
    if (lost === null) return recovered.outputs;
    this.#seat!.signer.forget();
    onAmnesia(lost);
    const silent = recover(this.#sit(config), records, executed, clock());
    this.#state = silent.state;
    return silent.outputs;
  }

  /** Where the log says we are; without a log, the last epoch whose beginning is final here. */
  #lastEpoch([first]: readonly WalRecord[]): { readonly epoch: number; readonly base: EpochBase } {
    const { epochs, store } = this.#parts;
    if (first?.type === 'epoch') return first;
    if (first !== undefined) return { epoch: 0, base: epochs.base(0) };
    const newest = epochs.newest();
    const final = store.lastCertificate()?.height ?? 0;
    const epoch = newest > 0 && final < epochs.set(newest)!.start - 1 ? newest - 1 : newest;
    return { epoch, base: epochs.base(epoch) };
  }

  /** Takes the seat that a configuration describes; an amnesiac key has no vote. */
  #sit(config: Config): Config {
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
    return seated;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#parts.transport.stop();
    await this.#executing;
  }

  /** Offers a persisted batch for ordering, and gives its body to blocks that wait for it. */
  offer({ digest, barrier, size }: Pick<Batch, 'digest' | 'barrier' | 'size'>): void {
    this.#input({ type: 'batch', digest, barrier, size });
    for (const { block, bodies } of [...(this.#state?.blocks.values() ?? [])]) {
      if (bodies === null && block.batches.includes(digest)) this.#bodies(block);
    }
  }

  /** Sends a batch to every validator. */
  push(batch: Batch): void {
    this.#sendAll({ type: 'batch', bytes: batch.bytes });
  }

  /** A batch needs no ordering any more. */
  forget(digest: string): void {
    this.#input({ type: 'batch-dropped', digest });
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
    if (!frame.ok || this.#stopped) return;
    if (frame.value.type === 'message') {
      const { message } = frame.value;
      if (this.#state === null || isSettled(this.#state, message)) return;
      if (!(await this.#seat!.verify(message))) return;
      // The epoch may have changed meanwhile, and with it the positions.
      const from = this.#seat!.positionOf(code);
      if (from >= 0) this.#input({ type: 'message', from, message });
    } else if (frame.value.type === 'batch') {
      const { bodies, keeps, onBatch } = this.#parts;
      const wants = (batch: Batch): boolean => isNamed(this.#state, batch.digest) || keeps(batch, code);
      const batch = await bodies.receive(frame.value.bytes, wants);
      if (batch === null) return;
      onBatch(batch, code);
      this.offer(batch);
    } else {
      for (const body of this.#desk.answer(code, frame.value.digests))
        this.#sendTo(code, { type: 'batch', bytes: body });
    }
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
    for (const effect of effects) this.#do(effect);
    this.#finals += effects.filter(effect => effect.type === 'final').length;
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'sign':
        break;
      case 'send':
        this.#sendMessage(effect.to, effect.message);
        break;
      case 'send-headers':
        this.#sendHeaders(effect.to, effect.blocks, effect.next, effect.above);
        break;
      case 'send-handover':
        this.#sendHandover(effect.to, effect.epoch);
        break;
      case 'need-bodies':
        this.#bodies(effect.block);
        break;
      case 'execute':
        this.#execute(effect.block);
        break;
      case 'final':
        this.#parts.onFinal(effect.certificate);
        break;
      case 'evidence':
        this.#parts.onEvidence(effect.evidence);
        break;
      case 'diverged':
        this.#parts.fatal(new Error(`diverged: ${effect.reason}`));
        break;
    }
  }

  #execute(block: Block): void {
    const { chain, bodies, execute, onExecuted, fatal } = this.#parts;
    const batches = block.batches.map(digest => bodies.get(digest));
    if (batches.includes(null)) {
      fatal(new Error(`block ${block.height} is to be executed and one of its bodies is gone`));
      return;
    }
    this.#executing = execute(
      headerOf(block, chain.hash),
      bytesOfHex(block.hash),
      batches as readonly Batch[],
    ).then(
      result => {
        onExecuted(block);
        // A governance record may have changed who can be reached.
        if (block.barrier && !result.closes) this.#sit(this.#seat!.config);
        const ref: BlockRef = { height: block.height, hash: block.hash };
        this.#input({ type: 'executed', block: ref, ...result });
        this.#pipeline.poke();
      },
      error => fatal(error),
    );
  }

  /** Tells that all bodies of a block are here, or asks for them: the proposer first, then one other at a time. */
  #bodies(block: Block): void {
    const { bodies } = this.#parts;
    const missing = block.batches.filter(digest => !bodies.has(digest));
    if (missing.length === 0) {
      const batches = block.batches.map(digest => bodies.get(digest)!);
      const barrier = batches.some(batch => batch.barrier);
      const size = batches.reduce((sum, batch) => sum + batch.size, 0);
      this.#input({ type: 'bodies', hash: block.hash, barrier, size });
      return;
    }
    const times = this.#asked.get(block) ?? 0;
    this.#asked.set(block, times + 1);
    const connected = this.#parts.transport.connected();
    const others = connected.filter(code => code !== block.proposer);
    const from = connected.includes(block.proposer) ? [block.proposer, ...others] : others;
    const peer = from[times % from.length];
    if (peer !== undefined) this.#sendTo(peer, { type: 'batch-request', digests: missing.map(bytesOfHex) });
  }

  #sendHeaders(to: number, held: readonly Block[], next: string, above: number): void {
    const { store, suite } = this.#parts;
    const blocks = [...held];
    for (let height = store.heightOf(bytesOfHex(next)); height !== null && height > above; height--) {
      if (blocks.length >= MAX_HEADERS) break;
      const header = store.header(height);
      if (header === null) break;
      blocks.push(blockOf(header, blockHash(header, suite.hasher)));
    }
    if (blocks.length > 0) this.#sendMessage(to, { type: 'headers', blocks });
  }

  /** To a peer in an epoch that is over: what proves its last block final. */
  #sendHandover(to: number, epoch: number): void {
    const { epochs, store } = this.#parts;
    const height = epochs.set(epoch + 1)!.start - 1;
    const stored = store.certificateFrom(height);
    if (stored?.height !== height) return;
    const certificate = decode(this.#codecs.checkpointCertificate, stored.bytes);
    if (certificate.ok)
      this.#sendMessage(to, { type: 'checkpoint-certificate', certificate: certificate.value });
  }

  /**
   * What replaces the log while nothing waits to be written: the next epoch's beginning once its barrier block is final
   * and executed here, or after enough final blocks the records that rebuild the state.
   */
  #compacted(): readonly WalRecord[] | null {
    const state = this.#state;
    if (state === null || this.#stopped) return null;
    if (state.closed && state.low >= state.executed.height) return this.#open(state.config.epoch + 1);
    if (this.#finals < COMPACT_AFTER) return null;
    this.#finals = 0;
    return compacted(state);
  }

  /** Begins an epoch: view 0 upon its barrier block. Votes, certificates and timers of the old one are gone. */
  #open(epoch: number): readonly WalRecord[] {
    const { epochs, own, clock, onEpoch } = this.#parts;
    const config = this.#sit(configOf(epochs, own, epoch));
    const state = opened(this.#state!, config, clock());
    const records = compacted(state);
    this.#state = state;
    this.#finals = 0;
    onEpoch(epoch);
    return records;
  }

  #sendMessage(to: number | 'all', message: Message): void {
    const frame: Frame = { type: 'message', message };
    if (to === 'all') this.#sendAll(frame);
    else this.#sendTo(this.#seat!.codeAt(to), frame);
  }

  #sendAll(frame: Frame): void {
    const bytes = this.#frames.encode(frame);
    for (const code of this.#seat!.peers) this.#parts.transport.send(code, bytes, laneOf(frame));
  }

  #sendTo(code: string, frame: Frame): void {
    this.#parts.transport.send(code, this.#frames.encode(frame), laneOf(frame));
  }
}
