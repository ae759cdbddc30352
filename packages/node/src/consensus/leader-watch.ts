import { proposerOf } from './config.ts';
import type { Input } from './input.ts';
import { freshPace, type KnownBlock, type Pace, type State, topAccepted } from './state.ts';

// A leader may do everything right and still serve badly: order slowly, or leave out what it dislikes. No certificate
// shows that, so each replica judges by what it holds and sees, and f+1 that agree replace the leader.

/** Windows in a row after which a slow leader is replaced. */
const SLOW_WINDOWS = 3;
/** Of the median rate of the others: a leader below this share is slow. */
const SLOW_SHARE = 0.5;

/** A batch waits here from now on. */
export function takeBatch(state: State, { digest, barrier, size, weight }: Input & { type: 'batch' }): void {
  if (state.pool.has(digest)) return;
  state.pool.set(digest, { barrier, size, weight, since: state.now, passedOver: false });
}

/** A block was committed: count what it ordered, and see whether it passed over what is overdue. */
export function noteCommitted(state: State, { block, bodies }: KnownBlock): void {
  const { pool, pace, config, now } = state;
  pace.window.batches += block.batches.length;
  pace.whole.batches += block.batches.length;
  const ordered = new Set(block.batches);
  const latest = Math.max(0, ...block.batches.map(digest => pool.get(digest)?.since ?? 0));
  // A replica that has no bodies of it was not there when it was made, and does not judge.
  const room = block.batches.length < config.maxBatches && bodies !== null ? config.fill - bodies.weight : 0;
  for (const [digest, waiting] of pool) {
    if (waiting.since > now - config.timing.overdue) break;
    if (!ordered.has(digest) && (room >= waiting.weight || latest > waiting.since + config.timing.overdue))
      waiting.passedOver = true;
  }
}

/** Time passed: why the leader has to go, because it is slow or because it leaves something out; null: it has not. */
export function unfitness(state: State, passed: number): 'slow-leader' | 'censoring-leader' | null {
  if (isSlow(state, passed)) return 'slow-leader';
  return isCensoring(state) ? 'censoring-leader' : null;
}

/**
 * Below half of the median rate of the others for three windows, with work waiting all the time. Each leader counts with
 * the rate of its last term, so that f slow ones never are the measure; windows widen with the progress timer, as in a
 * slow network a leader needs longer for its first commit.
 */
function isSlow(state: State, passed: number): boolean {
  const leader = leaderNow(state);
  if (leader.term !== state.pace.term) closeTerm(state, leader);
  const { pace, config, timer } = state;
  if (state.pool.size === 0) return false;
  pace.window.ms += passed;
  pace.whole.ms += passed;
  const { rateWindow, baseTimeout } = config.timing;
  if (pace.window.ms < rateWindow * (timer.timeout / baseTimeout)) return false;
  const others = [...pace.rates].flatMap(([position, rate]) => (position === pace.leader ? [] : [rate]));
  const rate = pace.window.batches / pace.window.ms;
  pace.slow = rate < SLOW_SHARE * median(others) ? pace.slow + 1 : 0;
  pace.window.batches = 0;
  pace.window.ms = 0;
  return pace.slow >= SLOW_WINDOWS;
}

/** Something held here was sent to all again, was passed over since, and is as long overdue again. */
function isCensoring({ pool, now, config }: State): boolean {
  for (const { since, passedOver } of pool.values()) {
    if (since > now - 2 * config.timing.overdue) return false;
    if (passedOver) return true;
  }
  return false;
}

/** A new view began: its leader starts with a clean sheet and has time to order what waits. */
export function changeLeader(state: State): void {
  closeTerm(state, leaderNow(state));
  const { pool, now, config } = state;
  for (const [digest, waiting] of pool)
    pool.set(digest, {
      ...waiting,
      since: Math.max(waiting.since, now - config.timing.overdue),
      passedOver: false,
    });
}

/** Remembers the rate of the leader whose term ended, and begins the next. */
function closeTerm(state: State, { term, leader }: Pick<Pace, 'term' | 'leader'>): void {
  const { rates, whole, leader: last } = state.pace;
  const known = new Map(rates);
  if (whole.ms >= state.config.timing.rateWindow) known.set(last, whole.batches / whole.ms);
  state.pace = { ...freshPace(), term, leader, rates: known };
}

/** Who leads the next height, and in which term of which view. */
export function leaderNow(state: State): Pick<Pace, 'term' | 'leader'> {
  const { config, view, tip } = state;
  const leader = proposerOf(config, view, topAccepted(state).height + 1, tip.height);
  return { term: `${view} ${leader}`, leader };
}

/** The upper one of the two in the middle of an even count; 0 of none. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
