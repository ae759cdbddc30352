import {
  ancestorAt,
  type Block,
  type Certificate,
  type Disk,
  type Epoch,
  type Guard,
  isOnChain,
  leaving,
  type Replica,
  topOf,
} from './state.ts';

/**
 * The rules of the protocol one by one, as docs/PROTOCOL.md has them. The actions ask nothing but these, so that a mutant
 * is this table with one line replaced.
 */
export const RULES = {
  // Numbers.
  faults: (n: number): number => Math.floor((n - 1) / 3),
  quorum: (n: number): number => Math.floor((n + Math.floor((n - 1) / 3)) / 2) + 1,
  /** Whose votes count in an epoch: its own set's, and no other's. */
  electors: (epoch: Epoch): { mask: number; byzantine: number; size: number } => ({
    mask: epoch.mask,
    byzantine: epoch.byzantine,
    size: epoch.keys.length,
  }),
  /** PREPAREs that count for a block in a view: those of that view. */
  preparesOf: (block: Block, view: number): number => block.prepares[view] ?? 0,
  /** VIEW-CHANGEs in a NEW-VIEW. */
  changesNeeded: (quorum: number, _faults: number): number => quorum,

  // Normal case.
  /** V[(v + floor((h-1-t)/K)) mod n]. */
  leader: (epoch: Epoch, view: number, height: number, tip: number, term: number): number =>
    epoch.keys[(view + Math.floor((height - 1 - tip) / term)) % epoch.keys.length]!,
  mayPrepare: (replica: Replica): boolean => !leaving(replica),
  mayCommit: (replica: Replica): boolean => !leaving(replica),
  isFree: ({ accepted }: Disk, block: Block): boolean => !accepted.has(block.height),
  inWindow: ({ low }: Disk, block: Block, window: number): boolean =>
    block.height > low.height && block.height <= low.height + window,
  /** The parent is what was accepted last, or the tip, or committed above it. */
  isParent: ({ disk, committed }: Replica, parent: Block): boolean =>
    parent === topOf(disk) || (parent.height >= topOf(disk).height && isOnChain(parent, committed)),
  /** All that was accepted in the view is on the block's chain. */
  agrees: ({ accepted, tip }: Disk, block: Block): boolean =>
    isOnChain(tip, block) && [...accepted.values()].every(one => isOnChain(one, block)),
  /** A block of the executed chain, or of one above it. */
  fitsExecuted: ({ executed }: Disk, block: Block): boolean =>
    block.height > executed.height ? isOnChain(executed, block) : isOnChain(block, executed),
  /** Nothing stands on a barrier block before it is executed, nor after it if it ends the epoch. */
  isOpen: ({ executed, epoch }: Disk, block: Block): boolean => {
    for (let at = block.parent!; at.height > executed.height; at = at.parent!) if (at.barrier) return false;
    return executed === epoch.base || executed.opens === null || block.height <= executed.height;
  },
  /** The tip is PREPAREd before anything above it. */
  tipFirst: ({ carried, tip }: Disk): boolean => carried === tip,
  /** A certificate of the present view only. */
  mayLock: ({ view }: Disk, certificate: Certificate): boolean => certificate.view === view,
  mayCommitView: ({ view }: Disk, high: Certificate): boolean => high.view === view,
  /** By view first, then height. */
  higher: (a: Certificate, b: Certificate | null): boolean =>
    b === null || a.view > b.view || (a.view === b.view && a.block.height > b.block.height),

  // Execution and finality.
  /** The next block of the committed chain. */
  nextToExecute: ({ disk, committed }: Replica): Block => ancestorAt(committed, disk.executed.height + 1),
  /** The newest executed block, above what was cosigned and what is final; far below a commit certificate it is final. */
  mayCosign: ({ disk, proof }: Replica, block: Block, window: number): boolean =>
    block === disk.executed &&
    block.height > Math.max(disk.cosigned?.height ?? 0, disk.low.height, (proof?.height ?? 0) - window),
  /** What is on the final chain and below the highest acceptance need not be remembered. */
  mayForget: ({ accepted, low, tip }: Disk, block: Block): boolean =>
    isOnChain(block, low) && block !== topOf({ accepted, tip }),

  // View change.
  /** Having sent COMMIT never keeps a replica. */
  mayAsk: (_replica: Replica): boolean => true,
  mayReport: (_disk: Disk, high: Certificate | null): Certificate | null => high,
  /** A certificate of this epoch and an earlier view may give the tip. */
  isTip: (epoch: Epoch, view: number, certificate: Certificate): boolean =>
    certificate.view < view && certificate.block.epoch === epoch,
  /** What is PREPAREd next of the tip's chain: the tip, and with it its ancestors. */
  carries: ({ carried, tip }: Disk): Block | null => (carried === tip ? null : tip),
  /** Even a tip that is final is PREPAREd; one too far above the last final block waits. */
  tipInReach: ({ tip, low }: Disk, window: number): boolean => tip.height <= low.height + window,

  // Epochs.
  /** The epoch that follows, once the block that ends this one is final. */
  next: ({ disk }: Replica): Epoch | null =>
    disk.low === disk.epoch.base || disk.low.epoch !== disk.epoch ? null : disk.low.opens,
  /** Votes and certificates of the old epoch are gone. */
  handOn: (disk: Disk, old: Disk): Disk => ({ ...disk, cosigned: old.cosigned }),

  // Memory.
  /** All that was written is there again. */
  restarted: (disk: Disk): Disk => disk,
  /** An empty disk beside a key that has signed, and a backup put back with its guard, are told at once. */
  knowsWiped: (): boolean => true,
  /** A disk that does not know of what the guard has signed. */
  isBehind: (guard: Guard, disk: Disk): boolean => {
    if (guard.epoch !== disk.epoch.index) return guard.epoch > disk.epoch.index;
    if (guard.floor > Math.max(disk.view, disk.asked)) return true;
    if (guard.cosigned > (disk.cosigned?.height ?? 0)) return true;
    return guard.signed.some(({ kind, view, block }) => {
      if (view !== disk.view) return view > disk.view;
      if (block.height <= disk.low.height) return false;
      if (kind === 'prepare') return (disk.accepted.get(block.height) ?? disk.tip) !== block;
      return disk.high?.view !== view || disk.high.block.height < block.height;
    });
  },
  /** What the guard still remembers: views from its floor on, above the last final block, and what it signed last. */
  guards: ({ floor, signed }: Guard, low: number, vote: Guard['signed'][number]): boolean =>
    vote.view >= floor && (vote.block.height > low || vote === signed.at(-1)),

  // What a fair network and sound timers bring about.
  /** A certificate that one holds is told to those who lack it. */
  tellsCommits: (): boolean => true,
  tellsFinal: (): boolean => true,
  tellsNewView: (): boolean => true,
  /** One in an epoch that is over is told its end. */
  tellsHandover: (): boolean => true,
  /** f+1 above it take a replica along. */
  joins: (above: number, faults: number): boolean => above > faults,
  /** The timer of a view asked for runs once q have asked for it or for a later one. */
  countsForTimer: (theirs: number, mine: number): boolean => theirs >= mine,
  /** The timer runs while something is pending: a replica that waits in vain asks for the next view. */
  timesOut: (_replica: Replica): boolean => true,
};

/** A table of rules: the protocol's, or a mutant's. */
export type Rules = typeof RULES;

/** Whether the votes of these honest keys, with those of the Byzantine ones, make a certificate in an epoch. */
export function certifies(rules: Rules, epoch: Epoch, voters: number): boolean {
  const { mask, byzantine, size } = rules.electors(epoch);
  let missing = rules.quorum(size) - byzantine;
  for (let left = voters & mask; left !== 0 && missing > 0; left &= left - 1) missing--;
  return missing <= 0;
}
