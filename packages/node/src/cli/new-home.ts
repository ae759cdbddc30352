import { rmSync } from 'node:fs';
import type { NodeConfig } from '../config/config.ts';
import { initNodeHome, type NodeHome, pathsIn, replaceVotingKeys } from '../config/node-home.ts';
import { writeBirthMarker } from '../storage/file-guard.ts';

/** Makes a fresh home of a node, and marks its key as one that has signed nothing yet. Throws ConfigError if one is there. */
export function newHome(path: string, member: string, config: NodeConfig): NodeHome {
  const home = initNodeHome(path, member, config);
  writeBirthMarker(home.guard);
  return home;
}

/** Gives a home that is not in use new keys to vote with, which have signed nothing yet. */
export function replaceKeys(path: string): void {
  const { guard } = pathsIn(path);
  replaceVotingKeys(path);
  rmSync(guard, { force: true });
  writeBirthMarker(guard);
}
