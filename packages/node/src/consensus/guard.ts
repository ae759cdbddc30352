import type { ToSign } from './output.ts';

/**
 * What a validator key has signed, kept synced beside the key and apart from the log: the last line against a double
 * vote, whatever the rest of the node believes.
 */
export interface Guard {
  readonly epoch: number;
  /** Highest view voted in or asked for: nothing is signed below it. */
  readonly viewFloor: number;
  /** `kind/view/height` → hash, within (low, low+2W] and for the views from the floor on. */
  readonly signed: ReadonlyMap<string, string>;
  readonly cosigned: { readonly height: number; readonly text: string; readonly time: number } | null;
}

/** A guard that has signed nothing. */
export function emptyGuard(epoch: number): Guard {
  return { epoch, viewFloor: 0, signed: new Map(), cosigned: null };
}

/** A verdict: the guard after signing, or why it refuses. */
export type Verdict = { readonly guard: Guard } | { readonly refused: string };

/** Names the hash of a VIEW-CHANGE or NEW-VIEW body, so that the same one may be signed again and no other. */
export type HashBody = (what: ToSign & { readonly type: 'view-change' | 'new-view' }) => string;

/** Whether `what` may be signed after all that was signed before; the same thing twice always may. */
export function admit(guard: Guard, what: ToSign, hashBody: HashBody): Verdict {
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

/** Forgets what can no longer conflict: views below the floor, heights at or below the last final one. */
export function prune(guard: Guard, low: number): Guard {
  const signed = new Map<string, string>();
  for (const [key, hash] of guard.signed) {
    const [, view, height] = key.split('/').map(Number) as [number, number, number];
    if (view < guard.viewFloor) continue;
    if (height === 0 || height > low) signed.set(key, hash);
  }
  return { ...guard, signed };
}
