import type { Action } from './action.ts';
import { copyOf, freshDisk } from './state.ts';
import { Broken } from './world.ts';

/** Stops and starts again: what is on disk is there, the rest is gone. */
export const RESTART: Action<[]> = {
  name: 'restarts',
  can: () => null,
  go: ({ rules }, replica) => {
    if (!replica.amnesiac && rules.isBehind(replica.guard, replica.disk))
      throw new Broken('memory', `${replica.key} takes its own disk for an older one`);
    replica.disk = rules.restarted(replica.disk);
    replica.committed =
      replica.disk.executed.height > replica.disk.low.height ? replica.disk.executed : replica.disk.low;
    replica.proof = null;
  },
};

/** Its disk is put aside. */
export const BACK_UP: Action<[]> = {
  name: 'is backed up',
  can: (_world, replica) => (replica.amnesiac ? 'it has no memory to keep' : null),
  go: (_world, replica) => {
    replica.backup = copyOf(replica.disk);
  },
};

/** Starts from the older disk, with the signer's guard as it was: if that tells, it has lost its memory. */
export const RESTORE: Action<[]> = {
  name: 'is restored',
  can: (_world, { backup }) => (backup === null ? 'there is no backup' : null),
  go: (world, replica) => {
    replica.disk = copyOf(replica.backup!);
    replica.amnesiac ||= world.rules.isBehind(replica.guard, replica.disk);
    RESTART.go(world, replica);
  },
};

/** Loses disk and guard, and begins again where the chain begins. */
export const WIPE: Action<[]> = {
  name: 'is wiped',
  can: () => null,
  go: (world, replica) => {
    replica.disk = freshDisk(world.genesis.opens!);
    replica.guard = { epoch: 0, floor: 0, signed: [], cosigned: 0 };
    replica.amnesiac ||= world.rules.knowsWiped();
    replica.backup = null;
    RESTART.go(world, replica);
  },
};
