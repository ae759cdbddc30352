import { missingHeader } from './chain.ts';
import { size } from './config.ts';
import type { Clock } from './input.ts';
import { unfitness } from './leader-watch.ts';
import { statusOf } from './pull.ts';
import { emit, leaving, type State, topAccepted } from './state.ts';
import { ask, repeatViewChange } from './view-change.ts';

/** Time passed: STATUS, retries and the progress timer. */
export function onTick(state: State, { now, wall }: Clock): void {
  const passed = Math.max(0, now - state.now);
  state.now += passed;
  state.wall = wall;
  const { timer, config } = state;
  if (state.now >= timer.statusAt) {
    timer.statusAt = state.now + config.timing.status;
    emit(state, { type: 'send', to: 'all', message: { type: 'status', status: statusOf(state) } });
    pullHeaders(state);
    retryBodies(state);
  }
  if (leaving(state)) waitForView(state);
  else watchProgress(state);
  if (leaving(state) || isBehind(state)) return;
  const unfit = unfitness(state, passed);
  if (unfit !== null) ask(state, state.view + 1, unfit);
}

/**
 * Asks one peer, another each time, for the headers a certificate or the tip names and this replica lacks: one that says it
 * has come as far as the certificate, and every other time whoever's turn it is, as who says so may lie, and those in a
 * later epoch say nothing.
 */
function pullHeaders(state: State): void {
  const request = missingHeader(state);
  if (request === null) return;
  const { config, peers, target } = state;
  const others = Math.max(1, size(config) - 1);
  const time = Math.floor(state.now / config.timing.status);
  const turn = Math.floor(time / 2);
  const byTurns = Array.from({ length: others }, (_, i) => {
    return (config.me + 1 + ((turn + i) % others)) % size(config);
  });
  const hasCome = (peer: number): boolean => (peers.get(peer)?.committed ?? 0) >= target.height;
  const to = (time % 2 === 0 ? byTurns.find(hasCome) : undefined) ?? byTurns[0]!;
  emit(state, { type: 'send', to, message: { type: 'header-request', request } });
}

/** Lets the host look again for bodies that did not come. */
function retryBodies(state: State): void {
  for (const known of state.blocks.values()) {
    if (known.bodies === null && known.asked) emit(state, { type: 'need-bodies', block: known.block });
  }
}

function waitForView(state: State): void {
  const { timer } = state;
  if (timer.deadline !== null && state.now >= timer.deadline) {
    lengthen(state);
    ask(state, state.asked + 1, 'no-new-view');
  } else if (state.now >= timer.resendAt) {
    timer.resendAt = state.now + timer.timeout / 2;
    repeatViewChange(state);
  }
}

function watchProgress(state: State): void {
  const { timer } = state;
  if (!pending(state)) {
    timer.deadline = null;
  } else if (timer.deadline === null) {
    timer.deadline = state.now + timer.timeout;
  } else if (state.now >= timer.deadline) {
    lengthen(state);
    ask(state, state.view + 1, 'no-progress');
  }
}

function lengthen(state: State): void {
  const { timer, config } = state;
  timer.timeout = Math.min(timer.timeout * 2, config.timing.maxTimeout);
  timer.commits = 0;
}

/** Behind certified blocks a delay is this replica's own: asking for another view would only strand it there. */
function isBehind({ target, executed }: State): boolean {
  return target.height > executed.height;
}

/** Something waits for the leader: work, an uncommitted block or tip, a committed block not final, a heartbeat. */
export function pending(state: State): boolean {
  if (isBehind(state)) return false;
  return (
    state.pool.size > 0 ||
    topAccepted(state).height > state.committed.height ||
    state.committed.height > state.low ||
    state.now - state.timer.progressAt > state.config.timing.heartbeat
  );
}
