import { join } from 'node:path';
import { complaintRows, EXIT, type ExitCode } from '@qifeng/core';
import { pathsIn } from '../../../config/node-home.ts';
import { openChain } from '../../chain.ts';
import { isAlive, readCluster } from '../../cluster.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { homeOf } from '../../home.ts';
import { explainError } from '../../node-faults.ts';
import { examineStore, type StoreFinding, withPool } from '../../store-check.ts';
import { checkMessages } from './messages.ts';

/** What a check of one home found. */
interface Finding extends StoreFinding {
  readonly home: string;
}

/** Verifies a stopped node's store, or those of a stopped network, against their own certificates. */
export async function check(option: string | undefined, context: Context): Promise<ExitCode> {
  const { out, json, streams } = context;
  const home = homeOf(option, streams.env);
  const cluster = readCluster(home);
  const running = cluster?.find(({ pid }) => isAlive(pid));
  if (running !== undefined) throw fault('node-runs', running.member, home);
  const findings = await withPool(async pool => {
    const found: Finding[] = [];
    for (const one of cluster ?? [{ home }]) {
      const chain = openChain(join(one.home, 'genesis.cbor'));
      found.push({ home: one.home, ...(await examineStore(chain, pathsIn(one.home).db, pool)) });
    }
    return found;
  });
  if (json) {
    const shown = findings.map(({ error, ...report }) => ({ ...report, code: error?.code ?? null }));
    out.json(cluster === null ? shown[0] : shown);
  } else for (const finding of findings) print(finding, context);
  return findings.every(isSound) ? EXIT.done : EXIT.refuted;
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
