import {
  type Asked,
  type Chain,
  CliError,
  EXIT,
  HandoverMemory,
  type Result,
  type StatusTrust,
  type VerifiedReceipt,
  type VerifiedStatus,
  verifyAllRecords,
  verifyRecordStatus,
  verifyStatusProof,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { NodeClient } from '../sdk/client.ts';
import type { Context } from './context.ts';
import { faultText } from './fault-text.ts';
import type { FurtherTrust } from './further-trust.ts';
import { commonMessages } from './messages.ts';

/** A status proof, and what it establishes. */
export interface ProvenStatus<A extends Asked = Asked> {
  readonly bytes: Uint8Array;
  readonly status: VerifiedStatus<A['kind']>;
}

/** Status proofs of one chain, from a node or from a file, by this machine's clock. */
export class Prover {
  readonly #chain: Chain;
  readonly #maxAgeMs: number;
  readonly #further: FurtherTrust;
  readonly #handoverMemory = new HandoverMemory();

  constructor(chain: Chain, maxAgeMs: number, further: FurtherTrust = {}) {
    this.#chain = chain;
    this.#maxAgeMs = maxAgeMs;
    this.#further = further;
  }

  /** Faults: those of `verifyStatusProof`. */
  judge<A extends Asked>(bytes: Uint8Array, asked: A): Result<VerifiedStatus<A['kind']>> {
    return verifyStatusProof(bytes, asked, this.#trust());
  }

  /** The same about the subject of a verified record. Faults: those of `verifyRecordStatus`. */
  judgeFor(record: VerifiedReceipt, bytes: Uint8Array): Result<VerifiedStatus<'subject'>> {
    return verifyRecordStatus(bytes, record, this.#trust());
  }

  /** The same about whatever it says it is about, whose records these all are. Faults: those of `verifyAllRecords`. */
  judgeAll(records: readonly VerifiedReceipt[], bytes: Uint8Array): Result<VerifiedStatus> {
    return verifyAllRecords(records, bytes, this.#trust());
  }

  /** What a node proves about something. Rejects with `NodeError`, and with a complaint where the proof does not hold. */
  async ask<A extends Asked>(asked: A, client: NodeClient, context: Context): Promise<ProvenStatus<A>> {
    const bytes = await client.statusProof(asked);
    const status = this.judge(bytes, asked);
    if (status.ok) return { bytes, status: status.value };
    throw badProof(status.fault.code, `${client.node}: ${faultText(status.fault, context.lang)}`, context);
  }

  #trust(): StatusTrust {
    return {
      ...this.#further,
      chain: this.#chain,
      suite: nativeSuite,
      handoverMemory: this.#handoverMemory,
      fresh: { now: Date.now(), maxAgeMs: this.#maxAgeMs },
    };
  }
}

function badProof(code: string, why: string, { lang }: Context): CliError {
  const words = commonMessages(lang);
  return new CliError(EXIT.refuted, code, { what: words.badProof, why, next: words.badProofNext });
}
