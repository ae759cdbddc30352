import { join } from 'node:path';
import type { Chain } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Command } from 'commander';
import pc from 'picocolors';
import { pathsIn } from '../../config/node-home.ts';
import { type CheckReport, checkStore } from '../../engine/check.ts';
import { loadChain } from '../../node.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { StorageError } from '../../storage/errors.ts';
import { openLevelStore } from '../../storage/level-store.ts';
import { createVerificationPool } from '../../verification/pool.ts';
import { clusterOf, isAlive, readCluster } from '../cluster.ts';
import { CliError, homeOf } from '../home.ts';

/** `check --home DIR`: verifies a stopped node's store, or those of a stopped cluster, against their own certificates. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('verify a store against its own certificates; the node must be stopped')
    .option('--home <dir>', "a node's home, or a cluster's (else QIFENG_HOME, else ./.qifeng)")
    .option('--json', 'as JSON')
    .action(async (options: { home?: string; json?: true }) => {
      const home = homeOf(options.home);
      const nodes = readCluster(home) === null ? [{ home, member: '', pid: null }] : clusterOf(home);
      for (const { member, pid } of nodes) {
        if (isAlive(pid))
          throw new CliError(
            `node ${member} runs`,
            `stop it first: qifeng-node cluster down --home ${home}`,
            2,
          );
      }
      let sound = true;
      for (const node of nodes) sound = (await checkOne(node.home, options.json === true)) && sound;
      process.exitCode = sound ? 0 : 1;
    });
}

async function checkOne(home: string, json: boolean): Promise<boolean> {
  const chain = loadChain(join(home, 'genesis.cbor'), nativeSuite);
  const report = await reportOn(chain, pathsIn(home).db);
  const sound = report.flaws.length === 0;
  if (json) console.log(JSON.stringify({ home, ...report }));
  else {
    const verdict = sound ? pc.green('✓ sound') : pc.red('✗ damaged');
    const counts = `${report.blocks} blocks, ${report.records} records, ${report.certificates} certificates`;
    console.log(`${verdict}  ${home}  ${counts}`);
    for (const flaw of report.flaws) console.log(`    ${flaw}`);
  }
  return sound;
}

/** Damage that the store itself finds is a flaw like any other, not a failure of the check. */
async function reportOn(chain: Chain, db: string): Promise<CheckReport> {
  const pool = createVerificationPool();
  let store: LedgerStore | null = null;
  try {
    store = await openLevelStore(db);
    return await checkStore(chain, nativeSuite, store, pool);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { blocks: 0, records: 0, certificates: 0, flaws: [`${error.code}: ${error.message}`] };
  } finally {
    await pool.close();
    await store?.close();
  }
}
