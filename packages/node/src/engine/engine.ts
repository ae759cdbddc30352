import { blockHash, bytesOfHex, type Chain, type Header, type Signer, type Suite } from '@qifeng/core';
import { MAX_HEADERS } from '../consensus/chain.ts';
import type { BlockRef, Config } from '../consensus/config.ts';
import type { Input } from '../consensus/input.ts';
import type { Block, CheckpointCertificate, Message } from '../consensus/messages.ts';
import type { WalRecord } from '../consensus/output.ts';
import { compacted, recover } from '../consensus/recover.ts';
import { isSettled } from '../consensus/settled.ts';
import type { State } from '../consensus/state.ts';
import { step } from '../consensus/step.ts';
import type { Batch } from '../mempool/batch.ts';
import type { Bodies } from '../mempool/bodies.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { GuardFile, WriteAheadLog } from '../ports/log.ts';
import type { Transport } from '../ports/transport.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { type Effect, Pipeline } from './pipeline.ts';
import { type GuardedSigner, guardedSigner } from './signing.ts';
import { type MessageVerifier, messageVerifier } from './verify.ts';
import { blockHasher, blockOf, headerOf, type WireCodecs, wireCodecs } from './wire/codecs.ts';
import { type Frame, type FrameCodec, frameCodec, laneOf } from './wire/frames.ts';
import { type RecordCodec, recordCodec } from './wire/records.ts';
import { signedBytesOf } from './wire/signed-bytes.ts';

/** Ms between ticks. */
const TICK_MS = 50;
/** Final blocks after which the log is rewritten to what rebuilds the state. */
const COMPACT_AFTER = 256;

/** What an engine runs on. */
export interface EngineParts {
  readonly chain: Chain;
  readonly suite: Suite;
  readonly config: Config;
  readonly signer: Signer;
  readonly store: LedgerStore;
  readonly log: WriteAheadLog;
  readonly guard: GuardFile;
  readonly transport: Transport;
  readonly pool: VerificationPool;
  readonly bodies: Bodies;
  now(): number;
  /** Executes a block and stores it, synced; gives its checkpoint text. */
  execute(header: Header, hash: Uint8Array, batches: readonly Batch[]): Promise<string>;
  /** A block was executed here. */
  onExecuted(block: Block): void;
  /** A certificate is stored: all up to its height is final. */
  onFinal(certificate: CheckpointCertificate): void;
  /** A well-formed batch came from a peer. */
  onBatch(batch: Batch): void;
  /** Nothing can go on: stop the process. */
  fatal(error: unknown): void;
}

/** This key has voted before and what it said is gone: signing again could contradict it. */
export class AmnesiaError extends Error {
  readonly code = 'amnesia';

  constructor() {
    super('this key has signed before and its log is gone; it must not sign again in this epoch');
  }
}

/** The host of the protocol on one machine: time, disk, network and keys around the pure `step`. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #codecs: WireCodecs;
  readonly #frames: FrameCodec;
  readonly #records: RecordCodec;
  readonly #signer: GuardedSigner;
  readonly #verifier: MessageVerifier;
  readonly #pipeline: Pipeline;
  readonly #hashBlock: ReturnType<typeof blockHasher>;
  #state: State | null = null;
  #timer: NodeJS.Timeout | null = null;
  #finals = 0;
  #stopped = false;
  #executing: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts) {
    const { chain, suite } = parts;
    this.#parts = parts;
    this.#codecs = wireCodecs(chain.hash, suite.hasher);
    this.#frames = frameCodec(this.#codecs);
    this.#records = recordCodec(this.#codecs);
    this.#hashBlock = blockHasher(chain.hash, suite.hasher);
    const signed = signedBytesOf(chain.hash, suite.hasher, this.#codecs);
    this.#verifier = messageVerifier(chain, signed, parts.pool);
    this.#signer = guardedSigner(parts.config, parts.signer, signed, parts.guard, (what, reason) =>
      parts.fatal(new Error(`the guard refuses to sign a ${what.type}: ${reason}`)),
    );
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
    const { log, store, config, transport, now } = this.#parts;
    const records = log.read().map(bytes => this.#records.decode(bytes));
    const head = store.head();
    if (records.length === 0 && (this.#signer.hasSigned || head !== null)) {
      throw new AmnesiaError();
    }
    const executed = head === null ? null : { block: blockOf(head.header, head.hash), text: head.text };
    const { state, outputs } = recover(config, records, executed, now());
    this.#state = state;
    transport.onFrame = (from, frame) =>
      void this.#onFrame(from, frame).catch(error => this.#parts.fatal(error));
    transport.onPeer = (peer, connected) => {
      if (connected) this.#input({ type: 'connected', peer });
    };
    await transport.start();
    this.#pipeline.push(outputs);
    this.#timer = setInterval(() => this.#input({ type: 'tick', now: now() }), TICK_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#parts.transport.stop();
    await this.#executing;
  }

  /** Offers a persisted batch for ordering, and gives its body to blocks that wait for it. */
  offer(batch: Batch): void {
    this.#input({ type: 'batch', digest: batch.digest, barrier: false });
    for (const { block, bodies } of [...(this.#state?.blocks.values() ?? [])]) {
      if (bodies === null && block.batches.includes(batch.digest)) this.#bodies(block);
    }
  }

  /** Sends a batch to every member. */
  push(batch: Batch): void {
    this.#sendAll({ type: 'batch', bytes: batch.bytes });
  }

  /** A batch needs no ordering any more. */
  forget(digest: string): void {
    this.#input({ type: 'batch-dropped', digest });
  }

  #input(input: Input): void {
    if (this.#state === null || this.#stopped) return;
    this.#pipeline.push(step(this.#state, input, this.#hashBlock));
  }

  async #onFrame(from: number, bytes: Uint8Array): Promise<void> {
    const frame = this.#frames.decode(bytes);
    if (!frame.ok || this.#stopped) return;
    if (frame.value.type === 'message') {
      const { message } = frame.value;
      if (this.#state === null || isSettled(this.#state, message)) return;
      if (await this.#verifier.verify(from, message)) this.#input({ type: 'message', from, message });
    } else if (frame.value.type === 'batch') {
      const batch = await this.#parts.bodies.receive(frame.value.bytes);
      if (batch === null) return;
      this.#parts.onBatch(batch);
      this.offer(batch);
    } else {
      for (const digest of frame.value.digests) {
        const batch = this.#parts.store.batch(digest);
        if (batch !== null) this.#send(from, { type: 'batch', bytes: batch });
      }
    }
  }

  #carryOut(effects: readonly Effect[]): void {
    if (this.#stopped || this.#state === null) return;
    const toSign = effects.flatMap(effect => (effect.type === 'sign' ? [effect.what] : []));
    const signed = toSign.length === 0 ? [] : this.#signer.sign(toSign, this.#state.low);
    for (const message of signed) {
      this.#sendAll({ type: 'message', message });
      this.#input({ type: 'message', from: this.#parts.config.me, message });
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
      case 'need-bodies':
        this.#bodies(effect.block);
        break;
      case 'execute':
        this.#execute(effect.block);
        break;
      case 'final':
        this.#parts.onFinal(effect.certificate);
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
      text => {
        onExecuted(block);
        this.#input({
          type: 'executed',
          block: { height: block.height, hash: block.hash } satisfies BlockRef,
          text,
        });
      },
      error => fatal(error),
    );
  }

  #bodies(block: Block): void {
    const { bodies, config } = this.#parts;
    const missing = block.batches.filter(digest => !bodies.has(digest));
    if (missing.length === 0) {
      this.#input({ type: 'bodies', hash: block.hash, barrier: false });
      return;
    }
    const request: Frame = { type: 'batch-request', digests: missing.map(bytesOfHex) };
    const proposer = config.validators.indexOf(block.proposer);
    if (proposer >= 0 && proposer !== config.me) this.#send(proposer, request);
    for (const peer of this.#parts.transport.connected()) if (peer !== proposer) this.#send(peer, request);
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

  /** After enough final blocks: the records that rebuild the state, in place of all that led to it. */
  #compacted(): readonly WalRecord[] | null {
    if (this.#finals < COMPACT_AFTER || this.#state === null) return null;
    this.#finals = 0;
    return compacted(this.#state);
  }

  #sendMessage(to: number | 'all', message: Message): void {
    const frame: Frame = { type: 'message', message };
    if (to === 'all') this.#sendAll(frame);
    else this.#send(to, frame);
  }

  #sendAll(frame: Frame): void {
    const bytes = this.#frames.encode(frame);
    const { transport, config } = this.#parts;
    for (let peer = 0; peer < config.validators.length; peer++) {
      if (peer !== config.me) transport.send(peer, bytes, laneOf(frame));
    }
  }

  #send(to: number, frame: Frame): void {
    this.#parts.transport.send(to, this.#frames.encode(frame), laneOf(frame));
  }
}
