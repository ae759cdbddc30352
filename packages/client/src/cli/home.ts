import { join, resolve } from 'node:path';
import type { Io } from './io.ts';

/** The folder of keys, genesis and networks: `--home`, else QIFENG_HOME, else `./.qifeng`. Absolute. */
export function resolveHome(option: string | undefined, io: Io): string {
  return resolve(io.cwd, option || io.env['QIFENG_HOME'] || '.qifeng');
}

/** Where a home keeps the genesis it trusts. */
export function genesisFile(home: string): string {
  return join(home, 'genesis.cbor');
}

/** Where a home lists the nodes of the network that runs on this machine. */
export function clusterFile(home: string): string {
  return join(home, 'cluster.json');
}
