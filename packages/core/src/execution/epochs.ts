import { decode } from '../encoding/codec.ts';
import { invariant } from '../encoding/result.ts';
import { type EpochValue, epochValueCodec, stateName } from '../records/state.ts';
import type { StateView } from './types.ts';

/** The validator set of an epoch, or null if the state holds none: the epoch is not begun, nor about to. */
export function epochSet(view: Pick<StateView, 'value'>, epoch: number): EpochValue | null {
  const bytes = view.value(stateName('epoch', epoch));
  if (bytes === null) return null;
  const value = decode(epochValueCodec, bytes);
  invariant(value.ok, 'a set in the certified state is what execution wrote');
  return value.value;
}

/** An epoch with its set, and whether the state holds a later one. */
export interface EpochAt {
  readonly epoch: number;
  readonly set: EpochValue;
  readonly ended: boolean;
}

/**
 * The epoch of the block at `height`, by any source of sets: the last one that starts at or below it. Epochs are numbered
 * without gaps and start at ever greater heights.
 */
export function epochOfHeight(sets: (epoch: number) => EpochValue | null, height: number): EpochAt {
  let set = sets(0);
  invariant(set !== null, 'the state holds the set of epoch 0');
  for (let epoch = 0; ; epoch++) {
    const next = sets(epoch + 1);
    if (next === null || next.start > height) return { epoch, set, ended: next !== null };
    set = next;
  }
}

/** The epoch of the block at `height` in this state. */
export function epochAt(view: Pick<StateView, 'value'>, height: number): EpochAt {
  return epochOfHeight(epoch => epochSet(view, epoch), height);
}
