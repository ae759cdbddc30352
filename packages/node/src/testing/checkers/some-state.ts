import { DEFAULT_TIMING } from '../../consensus/config.ts';
import type { Block } from '../../consensus/messages.ts';
import { initialState, type State } from '../../consensus/state.ts';

/** A replica of four at the beginning, in a protocol with short terms, for tests of the checkers. */
export function someState(): State {
  return initialState(
    {
      epoch: 0,
      validators: ['110000', '120000', '130000', '140000'],
      me: 0,
      votes: true,
      base: { height: 0, hash: 'genesis', timestamp: 0 },
      window: 2,
      term: 2,
      depth: 1,
      maxBatches: 2,
      maxBytes: 50,
      fill: 50,
      timing: DEFAULT_TIMING,
    },
    { now: 0, wall: 0 },
  );
}

/** A block by the first of them. */
export function someBlock(height: number, batches: readonly string[] = [`batch ${height}`]): Block {
  return {
    hash: `h${height}`,
    height,
    parent: `h${height - 1}`,
    proposer: '110000',
    epoch: 0,
    timestamp: height,
    batches: [...batches],
    barrier: false,
  };
}
