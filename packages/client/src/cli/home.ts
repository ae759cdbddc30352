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

/** Where a home keeps publishers' keys, `<uscc>.pem` each. */
export function keysFolder(home: string): string {
  return join(home, 'keys');
}

/** The file that names the key used where none is given: a file name or a uscc. */
export function defaultKeyFile(home: string): string {
  return join(home, 'default-key');
}

/** What was signed in a home and is not known to have ended. */
export function journalFile(home: string): string {
  return join(home, 'stamp-journal');
}

/** Where receipts go that have no file to stand beside. */
export function receiptsFolder(home: string): string {
  return join(home, 'receipts');
}

/** What nodes showed when they were audited last. */
export function auditedFile(home: string): string {
  return join(home, 'audited');
}
