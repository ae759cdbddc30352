import type { Action } from './action.ts';
import { certifies } from './rules.ts';
import { type Block, hasVote, isOnChain } from './state.ts';

/** Learns that a block, and with it all its ancestors, is committed; with or without the certificate of just this one. */
export const LEARN: Action<[Block]> = {
  name: 'learns committed',
  can: (world, replica, block) => {
    if (block.height <= replica.committed.height) return 'it knows';
    if (!world.isDecided(block)) return 'no certificate decides it';
    // Of a later epoch it hears once it is there.
    return (block.epoch?.index ?? 0) <= replica.disk.epoch.index ? null : 'it is of a later epoch';
  },
  go: ({ committed }, replica, block) => {
    replica.committed = block;
    if (isOnChain(block, committed)) replica.proof = block;
  },
};

/** Executes the next committed block. */
export const EXECUTE: Action<[]> = {
  name: 'executes',
  can: (_world, { disk, committed }) =>
    disk.executed.height < committed.height ? null : 'it executed all that it knows committed',
  go: (world, replica) => {
    const block = world.rules.nextToExecute(replica);
    world.execute(replica, block);
    replica.disk.executed = block;
  },
};

/** Cosigns the checkpoint of the block it executed last. */
export const COSIGN: Action<[Block]> = {
  name: 'cosigns',
  can: ({ rules, window }, replica, block) => {
    if (!hasVote(replica)) return 'it has no vote';
    if (block.epoch !== replica.disk.epoch) return 'the block is of another epoch';
    return rules.mayCosign(replica, block, window) ? null : `it executed ${replica.disk.executed.name}`;
  },
  go: (world, replica, block) => {
    replica.disk.cosigned = block;
    replica.guard.epoch = replica.disk.epoch.index;
    replica.guard.cosigned = block.height;
    world.cosign(replica, block);
  },
};

/** Learns a checkpoint certificate: all up to its block is final, and what was said about it forgotten. */
export const FINAL: Action<[Block]> = {
  name: 'learns final',
  can: ({ rules }, { disk }, block) => {
    if (block.height <= disk.low.height) return 'it knows';
    if (block.epoch !== disk.epoch) return 'the block is of another epoch';
    return certifies(rules, disk.epoch, block.cosigners) ? null : 'there are no q cosignatures of it';
  },
  go: ({ rules }, replica, block) => {
    const { disk } = replica;
    disk.low = block;
    if (block.height > replica.committed.height) replica.committed = block;
    for (const [height, accepted] of disk.accepted)
      if (height <= block.height && rules.mayForget(disk, accepted)) disk.accepted.delete(height);
  },
};
