import {
  type Chain,
  decode,
  type EpochValue,
  encode,
  equalBytes,
  fixedBytes,
  MAX_VALIDATORS,
  makeVerifierKey,
  type NoteSignature,
  record,
  SIGNATURE_LENGTH,
  type Signer,
  type Suite,
  TYPE_ED25519,
  toUtf8,
  uint,
} from '@qifeng/core';
import { KeyedBuckets } from '../limits/keyed-buckets.ts';
import { sharerOf } from '../limits/sharer.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { Epochs } from './epochs.ts';
import { LogLineFetcher } from './log-line-fetcher.ts';
import type { Frame, LogLineFrame } from './wire/frames.ts';

/** Signatures that one member is given for the asking. */
const RATE = { perSecond: 100, burst: 200 };

/** A line that a validator signed, as it is stored: its position in the set of the epoch. */
const keptCodec = record({
  signer: uint(MAX_VALIDATORS - 1),
  signature: fixedBytes(SIGNATURE_LENGTH),
});

/** What log lines are made from, and asked of. */
export interface LogLineParts {
  readonly chain: Chain;
  readonly suite: Suite;
  /** The node's own log key. */
  readonly signer: Signer;
  readonly ledger: LedgerStore;
  readonly epochs: Epochs;
  connected(): readonly string[];
  send(member: string, frame: Frame): void;
  log(level: 'warn', event: string, fields: Record<string, unknown>): void;
}

/**
 * The log lines of checkpoints, which every note has one of: by the node's own log key in the epochs of whose record it is, and
 * by a validator's in the others, asked for when it is first needed, verified and kept.
 */
export class LogLines {
  readonly #parts: LogLineParts;
  readonly #fetcher: LogLineFetcher;
  readonly #given = new KeyedBuckets(RATE, MAX_VALIDATORS);

  constructor(parts: LogLineParts) {
    const { ledger, send, connected, log } = parts;
    this.#parts = parts;
    this.#fetcher = new LogLineFetcher({
      able: height => {
        const up = new Set(connected());
        return this.#askable(parts.epochs.at(height)).filter(code => up.has(code));
      },
      request: (member, height) => send(member, { type: 'log-line-request', height }),
      isSigned: (member, height, signature) => this.#isSigned(member, height, signature),
      keep: (member, height, signature) => {
        const signer = this.#validators(height).findIndex(({ code }) => code === member);
        return ledger.putLogLine(height, encode(keptCodec, { signer, signature }));
      },
      lied: (member, height) => log('warn', 'wrong-log-line', { member, height }),
      later: (task, ms) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
    });
  }

  /**
   * The lowest height from `height` on whose checkpoint can have a line here: of an epoch to which the node's own log key
   * belongs; for want of any, of one to which that of a present validator belongs.
   */
  lowest(height: number): number {
    const own = this.#lowest(height, epoch => this.#isOurs(epoch));
    return own ?? this.#lowest(height, epoch => this.#askable(epoch).length > 0) ?? height;
  }

  /** The line of a certified checkpoint; null if it has to be asked for. */
  of(height: number, text: string): NoteSignature | null {
    const { chain, suite, signer, ledger, epochs } = this.#parts;
    const line = (key: Uint8Array, signature: Uint8Array): NoteSignature => {
      const { keyId } = makeVerifierKey(chain.origin, TYPE_ED25519, key, suite.hasher);
      return { name: chain.origin, keyId, signature };
    };
    if (this.#isOurs(epochs.at(height))) return line(signer.publicKey, signer.sign(toUtf8(text)));
    const bytes = ledger.logLine(height);
    if (bytes === null) return null;
    const kept = decode(keptCodec, bytes);
    if (!kept.ok) throw new Error(`the stored log line of ${height} is damaged: ${kept.fault.detail}`);
    return line(this.#validators(height)[kept.value.signer]!.logKey, kept.value.signature);
  }

  /** True if the line of an executed, certified checkpoint is here; else asks for it, and tells whether it came. */
  obtain(height: number): true | Promise<boolean> {
    const { epochs, ledger } = this.#parts;
    if (this.#isOurs(epochs.at(height)) || ledger.logLine(height) !== null) return true;
    return this.#fetcher.fetch(height);
  }

  onFrame(member: string, frame: LogLineFrame): void {
    if (frame.type === 'log-line') {
      this.#fetcher.received(member, frame.height, frame.signature);
      return;
    }
    const { height } = frame;
    this.#parts.send(member, { type: 'log-line', height, signature: this.#answer(member, height) });
  }

  /** Ends what is asked. */
  stop(): void {
    this.#fetcher.stop();
  }

  /** Our signature for a member; null: our key does not belong there, it is not final here, or the member had its share. */
  #answer(member: string, height: number): Uint8Array | null {
    const { ledger, epochs, signer } = this.#parts;
    const sharer = sharerOf(member);
    const now = performance.now();
    if (this.#given.wait(sharer, now) > 0) return null;
    this.#given.take(sharer, 1, now);
    // First, as below the base of a store there is none, and a certificate would be looked for from there on.
    const text = ledger.checkpointText(height);
    if (text === null || !this.#isOurs(epochs.at(height))) return null;
    // Executed as far as a certificate: what was worked out here is what a quorum says.
    const certificate = ledger.certificateFrom(height);
    const head = ledger.head()?.header.height ?? 0;
    return certificate === null || certificate.height > head ? null : signer.sign(toUtf8(text));
  }

  #isSigned(member: string, height: number, signature: Uint8Array): boolean {
    const { ledger, suite } = this.#parts;
    const validator = this.#validators(height).find(({ code }) => code === member);
    const text = ledger.checkpointText(height);
    if (validator === undefined || text === null) return false;
    return suite.verifier.verify(validator.logKey, toUtf8(text), signature);
  }

  #isOurs(epoch: number): boolean {
    const { signer, epochs } = this.#parts;
    return epochs.set(epoch)!.validators.some(({ logKey }) => equalBytes(logKey, signer.publicKey));
  }

  /** Codes of the validators of an epoch whose log keys are still those of validators. */
  #askable(epoch: number): readonly string[] {
    const { epochs } = this.#parts;
    const present = new Map(epochs.set(epochs.newest())!.validators.map(one => [one.code, one.logKey]));
    return epochs
      .set(epoch)!
      .validators.filter(({ code, logKey }) => equalBytes(logKey, present.get(code) ?? NO_KEY))
      .map(({ code }) => code);
  }

  #lowest(height: number, suits: (epoch: number) => boolean): number | null {
    const { epochs } = this.#parts;
    const first = epochs.at(height);
    for (let epoch = first; epochs.set(epoch) !== null; epoch++)
      if (suits(epoch)) return epoch === first ? height : epochs.set(epoch)!.start;
    return null;
  }

  #validators(height: number): EpochValue['validators'] {
    const { epochs } = this.#parts;
    return epochs.set(epochs.at(height))!.validators;
  }
}

const NO_KEY = new Uint8Array(0);
