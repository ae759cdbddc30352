import { invariant } from '@qifeng/core';
import { signVote } from './accept.ts';
import { NOTHING } from './amount.ts';
import { advance, learnBlock } from './chain.ts';
import { cosign, forgetBelow } from './checkpoint.ts';
import type { Config } from './config.ts';
import type { Clock } from './input.ts';
import { type Block, type CheckpointCertificate, refOf } from './messages.ts';
import type { Output, WalRecord } from './output.ts';
import { emitProposal } from './propose.ts';
import { drain, initialState, leaving, persist, type State } from './state.ts';
import { enterView, repeatViewChange, tipOf } from './view-change.ts';
import { higher } from './votes.ts';

/** The last block the store has executed, and its checkpoint text; null for a store that has executed none. */
export interface Executed {
  readonly block: Block;
  readonly text: string;
  /** Its state holds the next epoch. */
  readonly closes: boolean;
}

/** A replica as it was when its last synced record was written, and what it says again: the same votes, never others. */
export function recover(
  config: Config,
  records: readonly WalRecord[],
  executed: Executed | null,
  clock: Clock,
): { readonly state: State; readonly outputs: Output[] } {
  const state = initialState(config, clock);
  if (executed !== null) restoreExecuted(state, executed);
  // Who lost its log in a later epoch begins another: what came after would else be taken for the first epoch's.
  if (records.length === 0 && config.epoch > 0) persist(state, beginningOf(config));
  for (const record of records) replay(state, record);
  if (state.checkpoint !== null && state.checkpoint.height > state.target.height)
    state.target = refOf(state.checkpoint);
  if (executed !== null && executed.block.height > state.low) {
    state.texts.set(executed.block.height, executed.text);
    cosign(state, refOf(executed.block), executed.text);
  }
  restoreChain(state);
  forgetBelow(state);
  sayAgain(state);
  advance(state);
  return { state, outputs: drain(state) };
}

function restoreExecuted(state: State, { block, closes }: Executed): void {
  const ref = refOf(block);
  // It was executed: how large it was is of no account any more.
  learnBlock(state, block).bodies = { barrier: block.barrier, ...NOTHING };
  state.chain.clear();
  state.chain.set(ref.height, ref.hash);
  state.executed = ref;
  state.closed = closes;
  state.executing = ref.height;
  state.committed = ref;
  state.target = ref;
}

/** Hashes of executed blocks, as far down as the log has headers. */
function restoreChain(state: State): void {
  let known = state.blocks.get(state.executed.hash);
  while (known !== undefined) {
    const { height, parent } = known.block;
    state.chain.set(height - 1, parent);
    known = state.blocks.get(parent);
  }
}

function replay(state: State, record: WalRecord): void {
  switch (record.type) {
    case 'epoch':
      invariant(record.epoch === state.config.epoch, 'a log is of one epoch');
      break;
    case 'accept':
      learnBlock(state, record.block).heldIn = record.view;
      if (record.view === state.view) state.accepted.set(record.block.height, record.block.hash);
      break;
    case 'prepared':
      if (higher(record.certificate, state.high)) state.high = record.certificate;
      break;
    case 'view-change':
      state.asked = record.body.newView;
      state.ownViewChange = record.body;
      break;
    case 'new-view-sent':
      state.ownNewView = record.body;
      break;
    case 'new-view':
      enterView(state, record.message, tipOf(state.config, record.message.viewChanges, record.message.view));
      break;
    case 'cosign':
      state.cosigned = { height: record.height, hash: record.hash, text: record.text, time: record.time };
      break;
    case 'checkpoint':
      state.checkpoint = record.certificate;
      state.low = record.certificate.height;
      break;
  }
}

/**
 * Repeats what may have been signed but not sent, and tells again what is final: with the next epoch the log forgets the
 * certificate. PREPARE for the tip and COMMITs follow with the next step.
 */
function sayAgain(state: State): void {
  const { config, ownNewView, cosigned, checkpoint } = state;
  const fresh = state.outbox.rest.length > 0;
  if (checkpoint !== null) state.outbox.rest.push({ type: 'final', certificate: checkpoint });
  if (!config.votes) return;
  if (cosigned !== null && cosigned.height > state.low && !fresh) {
    state.outbox.rest.push({ type: 'sign', what: { type: 'cosignature', ...cosigned } });
  }
  if (ownNewView !== null && ownNewView.view > state.view && ownNewView.view >= state.asked) {
    state.outbox.rest.push({ type: 'sign', what: { type: 'new-view', body: ownNewView } });
  }
  if (leaving(state)) {
    repeatViewChange(state);
    return;
  }
  for (const [height, hash] of [...state.accepted].sort((a, b) => a[0] - b[0])) {
    const block = state.blocks.get(hash)?.block;
    if (block?.proposer === config.validators[config.me]) emitProposal(state, block!);
    signVote(state, 'prepare', { height, hash });
  }
}

/** True once the next epoch may begin: the block that ends this one is executed here, and final. */
export function isOver({ closed, low, executed }: State): boolean {
  return closed && low >= executed.height;
}

/**
 * A replica at the beginning of an epoch. Of the one before only the last cosignature counts on: heights rise and times
 * never fall over all epochs, and the guard remembers it as well.
 */
export function opened(before: State, config: Config, clock: Clock): State {
  const state = initialState(config, clock);
  state.cosigned = before.cosigned;
  return state;
}

/**
 * The log of a replica that a certified state brings into a later epoch, past the end of its own: of what its log led to
 * only the last cosignature counts on, and what the state stands on is final.
 */
export function skipped(
  before: State,
  config: Config,
  certificate: CheckpointCertificate,
  clock: Clock,
): WalRecord[] {
  return [...compacted(opened(before, config, clock)), { type: 'checkpoint', certificate }];
}

/** The first record in the log of every epoch but the first. */
function beginningOf({ epoch, base }: Config): WalRecord {
  return { type: 'epoch', epoch, base };
}

/** The records that rebuild this state: what a host writes to a fresh log in place of a long one. */
export function compacted(state: State): WalRecord[] {
  const { accepted, newView, high, ownViewChange, ownNewView, cosigned, checkpoint } = state;
  const held = [...state.blocks.values()].filter(
    known => known.heldIn !== null && known.block.height > state.low,
  );
  const isCurrent = (hash: string, height: number): boolean => accepted.get(height) === hash;
  const records: WalRecord[] = state.config.epoch === 0 ? [] : [beginningOf(state.config)];
  const accept = (current: boolean): void => {
    for (const { block, heldIn } of held) {
      if (isCurrent(block.hash, block.height) === current)
        records.push({ type: 'accept', view: heldIn!, block });
    }
  };
  accept(false);
  if (newView !== null) records.push({ type: 'new-view', message: newView });
  accept(true);
  if (high !== null) records.push({ type: 'prepared', certificate: high });
  if (ownViewChange !== null && leaving(state)) records.push({ type: 'view-change', body: ownViewChange });
  if (ownNewView !== null) records.push({ type: 'new-view-sent', body: ownNewView });
  if (cosigned !== null) records.push({ type: 'cosign', ...cosigned });
  if (checkpoint !== null) records.push({ type: 'checkpoint', certificate: checkpoint });
  return records;
}
