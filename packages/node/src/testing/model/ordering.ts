import type { Action } from './action.ts';
import { ancestorAt, type Block, type Certificate, hasVote, isOnChain, type Replica } from './state.ts';
import type { World } from './world.ts';

/** Accepts a block in the present view and PREPAREs it. */
export const ACCEPT: Action<[Block]> = {
  name: 'accepts',
  can: ({ rules, window }, replica, block) => {
    const { disk } = replica;
    if (!hasVote(replica)) return 'it has no vote';
    if (!rules.mayPrepare(replica)) return `it asked for view ${disk.asked}`;
    if (block.epoch !== disk.epoch) return 'the block is of another epoch';
    if (!rules.isFree(disk, block)) return `it accepted ${disk.accepted.get(block.height)!.name} there`;
    if (!rules.inWindow(disk, block, window)) return `height ${block.height} with low ${disk.low.height}`;
    if (!rules.tipFirst(disk)) return `the tip ${disk.tip.name} is not PREPAREd`;
    if (!rules.isParent(replica, block.parent!))
      return `its parent ${block.parent!.name} is neither accepted nor the tip nor known committed`;
    if (!rules.agrees(disk, block)) return 'something else that it accepted in the view is not on its chain';
    if (!rules.fitsExecuted(disk, block)) return `it does not fit the executed ${disk.executed.name}`;
    // What is committed was found sound by others.
    return isOnChain(block, replica.committed) || rules.isOpen(disk, block) ? null : 'it stands on a barrier';
  },
  go: (world, replica, block) => {
    replica.disk.accepted.set(block.height, block);
    sign(world, replica, 'prepare', block);
  },
};

/** PREPAREs the tip of its NEW-VIEW. */
export const CARRY: Action<[]> = {
  name: 'prepares the tip',
  can: ({ rules, window }, replica) => {
    const { disk } = replica;
    if (!hasVote(replica)) return 'it has no vote';
    if (!rules.mayPrepare(replica)) return `it asked for view ${disk.asked}`;
    const block = rules.carries(disk);
    if (block === null) return 'the tip is PREPAREd';
    if (!rules.tipInReach(disk, window)) return `the tip ${block.name} is too far above ${disk.low.height}`;
    return rules.fitsExecuted(disk, block) ? null : `it does not fit the executed ${disk.executed.name}`;
  },
  go: (world, replica) => {
    const block = world.rules.carries(replica.disk)!;
    replica.disk.carried = block;
    sign(world, replica, 'prepare', block);
  },
};

/** Writes down a PREPARED certificate that is higher than what it has. */
export const LOCK: Action<[Certificate]> = {
  name: 'holds the certificate',
  can: (world, { disk }, certificate) => {
    const { rules } = world;
    if (certificate.block.epoch !== disk.epoch) return 'it is of another epoch';
    if (!rules.mayLock(disk, certificate)) return `it is of view ${certificate.view}, not ${disk.view}`;
    if (!rules.higher(certificate, disk.high)) return 'it holds a higher one';
    return world.isPrepared(disk.epoch, certificate) ? null : 'there are no q PREPAREs for it';
  },
  go: (_world, { disk }, certificate) => {
    disk.high = certificate;
  },
};

/** COMMITs one block: the one of its highest certificate, or an ancestor of that. */
export const COMMIT: Action<[Block]> = {
  name: 'commits',
  can: ({ rules }, replica, block) => {
    const { disk } = replica;
    if (!hasVote(replica)) return 'it has no vote';
    if (!rules.mayCommit(replica)) return `it asked for view ${disk.asked}`;
    if (disk.high === null) return 'it holds no certificate';
    if (!rules.mayCommitView(disk, disk.high)) return `its certificate is of view ${disk.high.view}`;
    if (block.epoch !== disk.epoch) return 'the block is of another epoch';
    return isOnChain(block, disk.high.block) ? null : `it is not on the chain of ${disk.high.block.name}`;
  },
  go: (world, replica, block) => sign(world, replica, 'commit', block),
};

function sign(world: World, replica: Replica, kind: 'prepare' | 'commit', block: Block): void {
  const { guard, disk } = replica;
  const { view, low } = disk;
  guard.epoch = disk.epoch.index;
  guard.floor = Math.max(guard.floor, view);
  guard.signed.push({ kind, view, block });
  guard.signed = guard.signed.filter(vote => world.rules.guards(guard, low.height, vote));
  if (kind === 'prepare') world.prepare(replica, block);
  else world.commit(replica, block);
}

/** What COMMITs go out upon the highest certificate: for its block, and for every ancestor above the last final one. */
export function toCommit({ disk }: Replica): Block[] {
  const { high, low, epoch } = disk;
  if (high === null) return [];
  const blocks = [high.block];
  for (let height = high.block.height - 1; height > Math.max(low.height, epoch.base.height); height--)
    blocks.push(ancestorAt(high.block, height));
  return blocks.reverse();
}
