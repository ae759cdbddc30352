import { type Config, DEFAULT_TIMING } from '../config.ts';
import type { Clock } from '../input.ts';
import type {
  Block,
  CheckpointCertificate,
  CheckpointVote,
  Message,
  NewView,
  ViewChange,
  VoteCertificate,
  VoteKind,
} from '../messages.ts';

/** Builders of everything replicas say, with signatures that mean nothing: they are verified before `step`. */
export const SIGNATURE = new Uint8Array([1]);

/** Replica 1 of four (f = 1, q = 3), W = 8, one batch a block, genesis `g`. */
export function makeConfig(given: Partial<Config> = {}): Config {
  return {
    epoch: 0,
    validators: ['m0', 'm1', 'm2', 'm3'],
    me: 1,
    votes: true,
    base: { height: 0, hash: 'g', timestamp: 0 },
    window: 8,
    term: 1024,
    depth: 8,
    maxBatches: 1,
    maxBytes: 100,
    fill: 100,
    timing: DEFAULT_TIMING,
    ...given,
  };
}

/** Both clocks at `now`. */
export function clock(now: number): Clock {
  return { now, wall: now };
}

/** The block `hash`, its height the number it begins with, by `m0` at 10 ms a height unless told otherwise. */
export function makeBlock(hash: string, parent: string, given: Partial<Block> = {}): Block {
  const height = Number.parseInt(hash, 10);
  return {
    hash,
    height,
    parent,
    proposer: 'm0',
    epoch: 0,
    timestamp: 10 * height,
    batches: [],
    barrier: false,
    ...given,
  };
}

/** Blocks `1a` … upon genesis, each the parent of the next. */
export function makeChain(length: number, letter = 'a', proposer = 'm0'): Block[] {
  return Array.from({ length }, (_, i) =>
    makeBlock(`${i + 1}${letter}`, i === 0 ? 'g' : `${i}${letter}`, { proposer }),
  );
}

/** PRE-PREPARE by the block's proposer. */
export function proposal(view: number, block: Block): Message {
  const signer = Number(block.proposer.slice(1));
  return { type: 'proposal', proposal: { view, block, signer, signature: SIGNATURE } };
}

/** PREPARE or COMMIT of `hash` at the height it begins with. */
export function vote(kind: VoteKind, view: number, hash: string, signer: number, epoch = 0): Message {
  const height = Number.parseInt(hash, 10);
  return { type: 'vote', vote: { kind, epoch, view, height, hash, signer, signature: SIGNATURE } };
}

/** PREPARED or commit certificate. */
export function certificate(
  kind: VoteKind,
  view: number,
  hash: string,
  signers: readonly number[] = [0, 2, 3],
  epoch = 0,
): VoteCertificate {
  const signatures = signers.map(signer => ({ signer, signature: SIGNATURE }));
  return { kind, epoch, view, height: Number.parseInt(hash, 10), hash, signatures };
}

/** A cosignature of the checkpoint of `hash`. */
export function checkpointVote(
  hash: string,
  signer: number,
  text = `text ${hash}`,
): CheckpointVote & { type?: never } {
  const height = Number.parseInt(hash, 10);
  return { epoch: 0, height, hash, text, signer, time: 1, signature: SIGNATURE };
}

/** A checkpoint certificate. */
export function checkpoint(
  hash: string,
  signers: readonly number[] = [0, 2, 3],
  text = `text ${hash}`,
): CheckpointCertificate {
  const signatures = signers.map(signer => ({ signer, time: 1, signature: SIGNATURE }));
  return { epoch: 0, height: Number.parseInt(hash, 10), hash, text, signatures };
}

/** VIEW-CHANGE to `newView` by `signer`. */
export function viewChange(newView: number, signer: number, given: Partial<ViewChange> = {}): ViewChange {
  return { epoch: 0, newView, high: null, checkpoint: null, signer, signature: SIGNATURE, ...given };
}

/** NEW-VIEW by the view's leader of four. */
export function newView(
  view: number,
  viewChanges: readonly ViewChange[],
  given: Partial<NewView> = {},
): Message {
  return {
    type: 'new-view',
    newView: { epoch: 0, view, viewChanges, signer: view % 4, signature: SIGNATURE, ...given },
  };
}
