import { rmSync } from 'node:fs';
import type { NodeConfig } from '../config/config.ts';
import { initNodeHome, type NodeHome, pathsIn, replaceVotingKeys } from '../config/node-home.ts';
import { writeBirthMarker } from '../storage/file-guard.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Makes a fresh home of a node, and marks its key as one that has signed nothing yet. Throws ConfigError if one is there. */
export function newHome(path: string, member: string, config: NodeConfig, env?: Environment): NodeHome {
  const home = initNodeHome(path, member, config, env);
  writeBirthMarker(home.guard);
  return home;
}

/** Gives a home that is not in use new keys to vote with, which have signed nothing yet. */
export function replaceKeys(path: string, env?: Environment): void {
  const { guard } = pathsIn(path);
  replaceVotingKeys(path, env);
  rmSync(guard, { force: true });
  writeBirthMarker(guard);
}
