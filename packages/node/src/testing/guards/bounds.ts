import type { Removal } from './removal.ts';

/** Against messages that make a replica hold, or recurse, without end. */
export const BOUND_GUARDS: readonly Removal[] = [
  {
    failure: 'unbounded recursion or buffers',
    file: 'consensus/votes.ts',
    line: 'if (vote.height > state.low + 2 * state.config.window) return false;',
    broken: '',
    test: {
      file: 'consensus/votes.test.ts',
      name: 'none outside (low, low+2W], none of views beyond the next: far-future messages fill no buffer',
    },
  },
  {
    failure: 'unbounded recursion or buffers',
    file: 'consensus/accept.ts',
    line: 'block.height <= state.low || block.height > state.low + 2 * state.config.window',
    broken: 'block.height <= state.low',
    test: { file: 'consensus/far-future.test.ts', name: 'proposals' },
  },
  {
    failure: 'unbounded recursion or buffers',
    file: 'consensus/checkpoint.ts',
    line: 'vote.height <= state.low || vote.height > state.low + 2 * state.config.window',
    broken: 'vote.height <= state.low',
    test: { file: 'consensus/far-future.test.ts', name: 'cosignatures' },
  },
  {
    failure: 'unbounded recursion or buffers',
    file: 'consensus/view-change.ts',
    line: 'state.viewChanges.set(change.signer, change);',
    broken: 'state.viewChanges.set(change.newView, change);',
    test: { file: 'consensus/far-future.test.ts', name: 'VIEW-CHANGEs' },
  },
  {
    failure: 'unbounded recursion or buffers',
    file: 'consensus/pull.ts',
    line: 'block.hash !== expected || ',
    broken: '',
    test: { file: 'consensus/far-future.test.ts', name: 'headers' },
  },
  {
    failure: 'unbounded recursion or buffers',
    file: 'consensus/chain.ts',
    line: `  for (let at = ref.height; at > height; at--) {
    const known = state.blocks.get(hash);
    if (known === undefined || known.block.height !== at) {
      missing?.(hash);
      return null;
    }
    path.push(known);
    hash = known.block.parent;
  }
  return path.reverse();`,
    broken: `  const climb = (at: number): boolean => {
    if (at <= height) return true;
    const known = state.blocks.get(hash);
    if (known === undefined || known.block.height !== at) {
      missing?.(hash);
      return false;
    }
    hash = known.block.parent;
    if (!climb(at - 1)) return false;
    path.push(known);
    return true;
  };
  return climb(ref.height) ? path : null;`,
    test: {
      file: 'consensus/pull.test.ts',
      name: 'checkpoint and chain of a long absence are taken without recursion',
    },
  },
];
