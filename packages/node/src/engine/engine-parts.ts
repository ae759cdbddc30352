import type { Chain, Header, Signer, Suite } from '@qifeng/core';
import type { Clock } from '../consensus/input.ts';
import type { Block, CheckpointCertificate, Evidence } from '../consensus/messages.ts';
import type { Output } from '../consensus/output.ts';
import type { Batch } from '../mempool/batch.ts';
import type { Bodies } from '../mempool/bodies.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { GuardFile, WriteAheadLog } from '../ports/log.ts';
import type { Transport } from '../ports/transport.ts';
import type { VerificationPool } from '../ports/verification.ts';
import type { Epochs, Own } from './epochs.ts';
import type { LogLineFrame, SnapshotFrame } from './wire/frames.ts';

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
  /** A body is gone that this node had; others are asked for it, and execution waits. */
  onMissing(height: number): void;
  /** All up to a certificate's height is final; resolves when it is stored. */
  onFinal(certificate: CheckpointCertificate): Promise<void>;
  /** An epoch began: what waits has to be offered again. */
  onEpoch(epoch: number): void;
  /** This node asks for another view. */
  onAsks(asks: Output & { readonly type: 'asks' }): void;
  /** A member signed two things that exclude each other. */
  onEvidence(evidence: Evidence): void;
  /** Whether a batch that no block names is worth its place. */
  keeps(batch: Batch, from: string): boolean;
  /** A well-formed batch came from a peer. */
  onBatch(batch: Batch, from: string): void;
  /** What members say of snapshots, and what they are answered. */
  readonly snapshots: SnapshotTraffic;
  /** Log signatures that members ask for and give. */
  onLogLine(member: string, frame: LogLineFrame): void;
  /** This key signs nothing any more in this epoch; `reason` for the operator. */
  onAmnesia(reason: string): void;
  /** Nothing can go on: stop the process. */
  fatal(error: unknown): void;
}

/** The traffic about snapshots, beside the protocol. */
export interface SnapshotTraffic {
  /** Whether one is being fetched: blocks before it need not be asked for. */
  readonly active: boolean;
  /** A member says which height is final with it. */
  heard(member: string, final: number): void;
  onFrame(member: string, frame: SnapshotFrame): void;
  tick(): void;
}

/** What executing a block came to. */
export interface Result {
  readonly text: string;
  readonly closes: boolean;
}
