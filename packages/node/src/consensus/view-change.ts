import { acceptWaiting } from './accept.ts';
import { forgetUnheld } from './chain.ts';
import { learnCheckpoint } from './checkpoint.ts';
import { type BlockRef, type Config, faultsOf, quorumOf, viewLeader } from './config.ts';
import { changeLeader, leaderNow } from './leader-watch.ts';
import {
  type NewView,
  type NewViewBody,
  refOf,
  type ViewChange,
  type ViewChangeBody,
  type VoteCertificate,
} from './messages.ts';
import type { AskReason } from './output.ts';
import { emit, emptySlots, leaving, persist, type State } from './state.ts';
import { isVoteCertificate } from './validate.ts';
import { higher, recount } from './votes.ts';

/** Asks for a later view: from here on no PREPARE or COMMIT in the present one. */
export function ask(state: State, view: number, reason: AskReason): void {
  if (view <= state.asked || !state.config.votes) return;
  const leader = leaving(state) ? viewLeader(state.config, state.asked) : leaderNow(state).leader;
  emit(state, { type: 'asks', epoch: state.config.epoch, view, leader, reason });
  state.asked = view;
  const body: ViewChangeBody = {
    epoch: state.config.epoch,
    newView: view,
    high: state.high,
    checkpoint: state.checkpoint,
  };
  state.ownViewChange = body;
  state.timer.deadline = null;
  state.timer.resendAt = state.now + state.timer.timeout / 2;
  persist(state, { type: 'view-change', body });
  emit(state, { type: 'sign', what: { type: 'view-change', body } });
}

/** Signs and sends the same VIEW-CHANGE again: Ed25519 is deterministic, so byte for byte. */
export function repeatViewChange(state: State): void {
  if (state.ownViewChange === null || state.asked === state.view || !state.config.votes) return;
  emit(state, { type: 'sign', what: { type: 'view-change', body: state.ownViewChange } });
}

/** A VIEW-CHANGE arrives: the latest of each signer is kept; f+1 signers above my view take me along. */
export function onViewChange(state: State, change: ViewChange): void {
  if (change.epoch !== state.config.epoch) return;
  if (change.checkpoint !== null) learnCheckpoint(state, change.checkpoint);
  const held = state.viewChanges.get(change.signer)?.newView ?? 0;
  if (change.newView <= Math.max(held, state.view)) return;
  state.viewChanges.set(change.signer, change);
  joinOthers(state);
  startTimer(state);
  sendNewView(state);
}

/** With f+1 signers above my view, at least one of them honest, join the (f+1)-th highest. */
function joinOthers(state: State): void {
  const above = [...state.viewChanges.values()]
    .map(change => change.newView)
    .filter(view => view > state.asked)
    .sort((a, b) => b - a);
  const joined = above[faultsOf(state.config)];
  if (joined !== undefined) ask(state, joined, 'others-ask');
}

/** VIEW-CHANGEs for one view that may stand in its NEW-VIEW, one a signer, in signer order. */
function changesFor(state: State, view: number): readonly ViewChange[] {
  return [...state.viewChanges.values()]
    .filter(change => change.newView === view)
    .sort((a, b) => a.signer - b.signer);
}

/**
 * The timer of the view asked for starts when q have asked for it or for a later one: nobody runs ahead alone, and
 * nobody waits for those who went on.
 */
function startTimer(state: State): void {
  const { timer } = state;
  if (state.asked === state.view || timer.deadline !== null) return;
  const asking = [...state.viewChanges.values()].filter(change => change.newView >= state.asked);
  if (asking.length < quorumOf(state.config)) return;
  timer.deadline = state.now + timer.timeout;
}

/** The leader of the view asked for sends NEW-VIEW as soon as q asked: one a view. */
function sendNewView(state: State): void {
  const view = state.asked;
  const { config } = state;
  if (view === state.view || viewLeader(config, view) !== config.me) return;
  if (state.ownNewView !== null && state.ownNewView.view >= view) return;
  const changes = changesFor(state, view);
  if (changes.length < quorumOf(config) || !changes.some(change => change.signer === config.me)) return;
  const body: NewViewBody = { epoch: config.epoch, view, viewChanges: changes.slice(0, quorumOf(config)) };
  state.ownNewView = body;
  persist(state, { type: 'new-view-sent', body });
  emit(state, { type: 'sign', what: { type: 'new-view', body } });
}

/** A NEW-VIEW arrives, perhaps this replica's own: enter the view if its VIEW-CHANGEs bear it out. */
export function onNewView(state: State, message: NewView): void {
  const { config } = state;
  const { view } = message;
  if (message.epoch !== config.epoch || message.signer !== viewLeader(config, view)) return;
  if (view <= state.view || view < state.asked) return;
  const changes = validChanges(message, config.epoch);
  if (changes.size < quorumOf(config)) return;
  const tip = tipOf(config, changes.values(), view);
  // An obsolete one, come late: what was committed since, a later view chose.
  if ((state.chain.get(tip.height) ?? tip.hash) !== tip.hash) return;
  for (const change of changes.values())
    if (change.checkpoint !== null) learnCheckpoint(state, change.checkpoint);
  persist(state, { type: 'new-view', message });
  enterView(state, message, tip);
  acceptWaiting(state);
  recount(state);
}

/** Bad entries are left out, not fatal; a signer counts once. */
function validChanges(message: NewView, epoch: number): Map<number, ViewChange> {
  const changes = new Map<number, ViewChange>();
  for (const change of message.viewChanges) {
    if (change.epoch === epoch && change.newView === message.view) changes.set(change.signer, change);
  }
  return changes;
}

/** The tip of a NEW-VIEW: its highest certificate of an earlier view, by view first; none: the epoch's base. */
export function tipOf(config: Config, changes: Iterable<ViewChange>, view: number): BlockRef {
  let best: VoteCertificate | null = null;
  for (const { high } of changes) {
    if (high === null || high.view >= view || !isVoteCertificate(config, high, 'prepare')) continue;
    if (higher(high, best)) best = high;
  }
  return refOf(best ?? config.base);
}

/** Begins a view from its tip, with nothing accepted in it. */
export function enterView(state: State, message: NewView, tip: BlockRef): void {
  const { view } = message;
  state.view = view;
  state.asked = Math.max(state.asked, view);
  state.newView = message;
  state.tip = tip;
  state.tipPrepared = tip.height === state.config.base.height;
  state.accepted.clear();
  state.commitSent.clear();
  forgetUnheld(state);
  for (const key of state.slots.keys()) if (key !== view && key !== view + 1) state.slots.delete(key);
  for (const key of [view, view + 1]) if (!state.slots.has(key)) state.slots.set(key, emptySlots());
  for (const [signer, change] of state.viewChanges) {
    if (change.newView <= view) state.viewChanges.delete(signer);
  }
  const { timer } = state;
  timer.deadline = null;
  timer.commits = 0;
  changeLeader(state);
}
