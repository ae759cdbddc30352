import { join } from 'node:path';
import { complaintRows, EXIT, type ExitCode } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { pathsIn } from '../../../config/node-home.ts';
import { type CheckReport, checkStore } from '../../../engine/check.ts';
import type { LedgerStore } from '../../../ports/ledger-store.ts';
import { StorageError } from '../../../storage/errors.ts';
import { openLevelStore } from '../../../storage/level-store.ts';
import { createVerificationPool } from '../../../verification/pool.ts';
import { openChain } from '../../chain.ts';
import { isAlive, readCluster } from '../../cluster.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { homeOf } from '../../home.ts';
import { explainError } from '../../node-faults.ts';
import { checkMessages } from './messages.ts';

/** What a check found; `error` is that of a store which could not be read to its end. */
interface Finding extends CheckReport {
  readonly home: string;
  readonly error: StorageError | null;
}

/** Verifies a stopped node's store, or those of a stopped network, against their own certificates. */
export async function check(option: string | undefined, context: Context): Promise<ExitCode> {
  const { out, json, streams } = context;
  const home = homeOf(option, streams.env);
  const cluster = readCluster(home);
  const running = cluster?.find(({ pid }) => isAlive(pid));
  if (running !== undefined) throw fault('node-runs', running.member, home);
  const findings: Finding[] = [];
  for (const one of cluster ?? [{ home }]) findings.push(await checkOne(one.home));
  if (json) {
    const shown = findings.map(({ error, ...report }) => ({ ...report, code: error?.code ?? null }));
    out.json(cluster === null ? shown[0] : shown);
  } else for (const finding of findings) print(finding, context);
  return findings.every(isSound) ? EXIT.done : EXIT.refuted;
}

/** Damage that the store itself finds is a flaw like any other, not a failure of the check. */
async function checkOne(home: string): Promise<Finding> {
  const chain = openChain(join(home, 'genesis.cbor'));
  const pool = createVerificationPool();
  let store: LedgerStore | null = null;
  try {
    store = await openLevelStore(pathsIn(home).db);
    return { home, ...(await checkStore(chain, nativeSuite, store, pool)), error: null };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const flaws = [`${error.code}: ${error.message}`];
    return { home, from: 0, blocks: 0, records: 0, certificates: 0, flaws, error };
  } finally {
    await pool.close();
    await store?.close();
  }
}

function isSound({ flaws }: Finding): boolean {
  return flaws.length === 0;
}

function print(finding: Finding, { out, lang }: Context): void {
  const { home, error, from, blocks, records, certificates, flaws } = finding;
  const words = checkMessages(lang);
  const complaint = explainError(error, lang)?.complaint;
  if (complaint !== undefined) {
    out.heading(false, home, complaint.what);
    out.rows(complaintRows(complaint, lang));
    return;
  }
  const counts = [words.blocks(blocks), words.records(records), words.certificates(certificates)];
  if (from > 0) counts.push(words.from(from));
  const sound = isSound(finding);
  out.heading(sound, home, [sound ? words.good : words.bad, ...counts].join('  '));
  for (const flaw of flaws) out.sentence(flaw);
}
