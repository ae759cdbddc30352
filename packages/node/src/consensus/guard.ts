import type { ToSign } from './output.ts';
import type { State } from './state.ts';

/**
 * What a validator key has signed, kept synced beside the key and apart from the log: the last line against a double
 * vote, whatever the rest of the node believes.
 */
export interface Guard {
  readonly epoch: number;
  /** True once this key may have signed what is not remembered: it signs nothing any more in this epoch. */
  readonly amnesiac: boolean;
  /** Highest view voted in or asked for: nothing is signed below it. */
  readonly viewFloor: number;
  /** `kind/view/height` → hash, within (low, low+2W] and for the views from the floor on. */
  readonly signed: ReadonlyMap<string, string>;
  readonly cosigned: { readonly height: number; readonly text: string; readonly time: number } | null;
}

/** A guard that has signed nothing. */
export function emptyGuard(epoch: number): Guard {
  return { epoch, amnesiac: false, viewFloor: 0, signed: new Map(), cosigned: null };
}

/** The guard of the same key in a later epoch: views begin anew, cosigned heights and times go on. */
export function nextEpoch(guard: Guard, epoch: number): Guard {
  return { ...emptyGuard(epoch), amnesiac: guard.amnesiac, cosigned: guard.cosigned };
}

/** A verdict: the guard after signing, or why it refuses. */
export type Verdict = { readonly guard: Guard } | { readonly refused: string };

/** Names the hash of a VIEW-CHANGE or NEW-VIEW body, so that the same one may be signed again and no other. */
export type HashBody = (what: ToSign & { readonly type: 'view-change' | 'new-view' }) => string;

/** Whether `what` may be signed after all that was signed before; the same thing twice always may. */
export function admit(guard: Guard, what: ToSign, hashBody: HashBody): Verdict {
  if (guard.amnesiac) return { refused: 'this key has lost the memory of what it signed' };
  switch (what.type) {
    case 'vote':
      return admitVote(
        guard,
        what.vote.epoch,
        what.vote.kind,
        what.vote.view,
        what.vote.height,
        what.vote.hash,
      );
    case 'proposal':
      return admitVote(guard, what.block.epoch, 'prepare', what.view, what.block.height, what.block.hash);
    case 'view-change': {
      const { epoch, newView } = what.body;
      if (epoch !== guard.epoch) return { refused: `epoch ${epoch}, the key's is ${guard.epoch}` };
      if (newView < guard.viewFloor)
        return { refused: `VIEW-CHANGE for ${newView} below the floor ${guard.viewFloor}` };
      return remember({ ...guard, viewFloor: newView }, `view-change/${newView}/0`, hashBody(what));
    }
    case 'new-view': {
      const { epoch, view } = what.body;
      if (epoch !== guard.epoch) return { refused: `epoch ${epoch}, the key's is ${guard.epoch}` };
      if (view < guard.viewFloor) return { refused: `NEW-VIEW ${view} below the floor ${guard.viewFloor}` };
      return remember(guard, `new-view/${view}/0`, hashBody(what));
    }
    case 'cosignature':
      return admitCosignature(guard, what);
  }
}

/**
 * Why this key may have signed what neither log nor guard remembers, or null. `guard`: null if the file never was. A fresh
 * home has a guard that signed nothing, and no log; whichever of the two is ahead later wins, but the log is synced before
 * the guard, so one behind its guard, or gone, was put back or lost. A log alone proves nothing: it may be an old one.
 * One without a vote is asked too: its key may have signed in an epoch to which it has yet to come. It alone may have a
 * ledger and no log, from a snapshot.
 */
export function memoryLoss(guard: Guard | null, hasLog: boolean, state: State): string | null {
  if (guard?.amnesiac) return 'this key lost its memory before';
  if (!hasLog) {
    if (guard === null) return 'there is neither a log nor the birth marker of a new home';
    if (hasSigned(guard)) return 'this key has signed and its log is gone';
    const { executed, config } = state;
    return config.votes && executed.height > config.base.height ? 'the ledger is older than the log' : null;
  }
  if (guard === null) return 'the guard is gone, and nothing else says that the log is the newest';
  if (guard.epoch > state.config.epoch) return `the log ends before epoch ${guard.epoch}`;
  if (guard.epoch < state.config.epoch) return null;
  if (guard.viewFloor > Math.max(state.view, state.asked))
    return `the log ends before view ${guard.viewFloor}`;
  const { cosigned } = guard;
  if (cosigned !== null && !remembers(state, cosigned))
    return `the log ends before the cosignature at ${cosigned.height}`;
  const slot = [...guard.signed].find(([name, hash]) => isForgotten(state, name, hash));
  return slot === undefined ? null : `the log does not know of ${slot[0]}`;
}

/** A block whose cosignature is lost may have been cosigned anew as the log was read back: at another time. */
function remembers({ cosigned }: State, { height, time }: NonNullable<Guard['cosigned']>): boolean {
  if (cosigned === null) return false;
  return cosigned.height > height || (cosigned.height === height && cosigned.time === time);
}

/**
 * A PREPARE or COMMIT that the log should have led to: in a view that it never entered, though it may have asked for it, or
 * in the present one above the last final block. Or a NEW-VIEW: the log has it, or a later one.
 */
function isForgotten(state: State, slot: string, hash: string): boolean {
  const { kind, view, height } = slotOf(slot);
  if (kind === 'new-view') return view > (state.ownNewView?.view ?? 0);
  if (kind !== 'prepare' && kind !== 'commit') return false;
  if (view > state.view) return true;
  if (view < state.view || height <= state.low) return false;
  if (kind === 'prepare') return (state.accepted.get(height) ?? state.tip.hash) !== hash;
  return state.high?.view !== state.view || state.high.height < height;
}

/** Whether the key has signed anything. */
export function hasSigned(guard: Guard): boolean {
  return guard.signed.size > 0 || guard.viewFloor > 0 || guard.cosigned !== null;
}

function admitVote(
  guard: Guard,
  epoch: number,
  kind: string,
  view: number,
  height: number,
  hash: string,
): Verdict {
  if (epoch !== guard.epoch) return { refused: `epoch ${epoch}, the key's is ${guard.epoch}` };
  if (view < guard.viewFloor)
    return { refused: `${kind} in view ${view} below the floor ${guard.viewFloor}` };
  // A view entered by NEW-VIEW alone is left for ever as well: views never go back.
  return remember({ ...guard, viewFloor: view }, `${kind}/${view}/${height}`, hash);
}

function admitCosignature(guard: Guard, what: { height: number; text: string; time: number }): Verdict {
  const last = guard.cosigned;
  const { height, text, time } = what;
  if (last !== null && (height < last.height || time < last.time)) {
    return { refused: `cosignature at ${height}, ${time} s after one at ${last.height}, ${last.time} s` };
  }
  if (last !== null && height === last.height && (text !== last.text || time !== last.time)) {
    return { refused: `a second cosignature at ${height}` };
  }
  return { guard: { ...guard, cosigned: { height, text, time } } };
}

function remember(guard: Guard, key: string, hash: string): Verdict {
  const before = guard.signed.get(key);
  if (before === hash) return { guard };
  if (before !== undefined) return { refused: `${key}: signed ${before}, asked to sign ${hash}` };
  return { guard: { ...guard, signed: new Map(guard.signed).set(key, hash) } };
}

/**
 * Forgets what can no longer conflict: views below the floor, heights at or below the last final one. The highest vote of
 * each kind stays, so that an older log is noticed though all that was signed is final.
 */
export function prune(guard: Guard, low: number): Guard {
  const current = [...guard.signed.keys()].map(slotOf).filter(({ view }) => view >= guard.viewFloor);
  const tops = new Map<string, number>();
  for (const { kind, height } of current) tops.set(kind, Math.max(height, tops.get(kind) ?? 0));
  const kept = current.filter(({ kind, height }) => height > low || height === tops.get(kind));
  return { ...guard, signed: new Map(kept.map(({ name }) => [name, guard.signed.get(name)!])) };
}

function slotOf(name: string) {
  const [kind, view, height] = name.split('/') as [string, string, string];
  return { name, kind, view: Number(view), height: Number(height) };
}
