import { resolve } from 'node:path';
import { type Digest, type ExitCode, equalBytes, usageFault } from '@qifeng/core';
import { profileRules } from '@qifeng/core/execution';
import { HashError, hashFiles } from '../../../files/hash-files.ts';
import type { Names } from '../../../register/register.ts';
import type { Item, Target } from '../../../stamp/item.ts';
import type { Reported } from '../../../stamp/outcome.ts';
import { existingReceipt } from '../../../stamp/receipts.ts';
import { digestAlg } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { fileError } from '../../files.ts';
import { loadKey } from '../../keys.ts';
import { parseMeta } from '../../meta.ts';
import { nodeComplaint, quickClient } from '../../nodes.ts';
import { originIn } from '../../origin.ts';
import { profileNamed } from '../../profile-named.ts';
import { beginSealing } from '../../sealing.ts';
import { registerOf, requireChain } from '../../trust.ts';
import { isAsked, type Named } from './asked.ts';
import { readRows, recordRows, writeLeft } from './batch.ts';
import { begins, buildItems, type EntryPlan, type Hashed, idByFields } from './entries.ts';
import type { StampFlags } from './flags.ts';
import { stampMessages } from './messages.ts';
import { exitOf, leftLines, toJsonOutcome, toJsonRejected } from './print.ts';
import { collectTargets, findAction } from './request.ts';
import { nameOf, type Rejected } from './rows.ts';
import { Work } from './work.ts';

/** What the records of a run have in common, whether files are named or the rows of a table. */
type Common = Pick<EntryPlan, 'profile' | 'action' | 'rule' | 'naming' | 'meta' | 'alg' | 'origin'>;

/** Records files, or the rows of a table; see the help of `qifeng stamp`. */
export async function stamp(
  files: readonly string[],
  flags: StampFlags,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  const words = stampMessages(context.lang);
  const named = files.length + (flags.dir ?? []).length > 0 || flags.subject !== undefined;
  if (flags.table !== undefined && named)
    throw usageFault('table-alone', words.tableAlone, words.tableAloneNext);
  if (flags.table === undefined && flags.report !== undefined)
    throw usageFault('report-alone', words.reportAlone, words.seeHelp);
  const alg = digestAlg(flags.digest, context);
  const chain = await requireChain(flags.genesis, context);
  const names = registerOf(chain, context);
  const typed = await profileNamed(flags.profile ?? 'policy', names, context);
  // The rows are checked by the fields of the profile, which are to be those of its newest version.
  if (flags.table !== undefined) await names.learn({ profiles: [typed] }, await quickClient(context));
  const { profile, action, rule, naming } = await findAction(
    typed,
    flags.action ?? 'publish',
    names,
    context,
  );
  const meta = await parseMeta(flags.meta ?? [], rule, context);
  const { cwd } = context.io;
  const origin = flags.origin === undefined ? null : await originIn(flags.origin, cwd, context);
  const common = { profile, action, rule, naming, meta, alg, origin };
  return flags.table === undefined
    ? stampFiles(files, common, flags, names, patienceMs, context)
    : stampTable(flags.table, common, flags, names, patienceMs, context);
}

/** All that can be wrong with the request is found before the first file is sent. */
async function stampFiles(
  files: readonly string[],
  common: Common,
  flags: StampFlags,
  names: Names,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  const words = stampMessages(context.lang);
  const targets = await collectTargets(files, flags.dir ?? [], flags.receipts, context);
  if (targets.length > 1 && (flags.subject !== undefined || idByFields(common) !== undefined))
    throw usageFault('one-subject', words.oneSubject, words.oneSubjectNext);
  const key = await loadKey(flags, context);
  const work = await Work.begin(names, key, patienceMs, context);
  try {
    const hashed = await hash(targets, common.alg, work, context);
    const sealer = await beginSealing(common.profile, names, key, context, flags.sealed);
    const plan = { ...common, issuer: key.publisher, subject: flags.subject, sealer };
    buildItems(hashed, plan, null, context); // complaints come before anything is sent
    await work.resume();
    await record(hashed, plan, flags, work, context);
  } catch (error) {
    throw nodeComplaint(error, context);
  } finally {
    await work.end();
  }
  return summary(work, targets, context);
}

/** What is wrong with a row is said of that row, and the others go on. */
async function stampTable(
  table: string,
  common: Common,
  flags: StampFlags,
  names: Names,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  const { cwd } = context.io;
  const rows = await readRows(table, common.rule, context);
  const key = await loadKey(flags, context);
  const work = await Work.begin(names, key, patienceMs, context);
  let rejected: readonly Rejected[] = [];
  const named = new Map(rows.map(row => [row.line, nameOf(row)]));
  try {
    const sealer = await beginSealing(common.profile, names, key, context, flags.sealed);
    const receipts = flags.receipts === undefined ? undefined : resolve(cwd, flags.receipts);
    const profile = names.profile(common.profile)?.profile;
    const rules = profile === undefined || sealer !== null ? null : profileRules(profile);
    const place = { issuer: key.publisher, table: resolve(cwd, table), receipts };
    const plan = { ...common, ...place, sealer, rules, names };
    rejected = await recordRows(rows, named, plan, work, context);
  } catch (error) {
    throw nodeComplaint(error, context);
  } finally {
    await work.end();
  }
  const lines = [...rejected.map(toJsonRejected), ...lastOf(work, [])].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0),
  );
  if (flags.report !== undefined) await writeLeft(flags.report, lines, named, context);
  const good = lines.length - leftLines(lines).length;
  if (context.json) context.out.json({ recorded: good, of: lines.length, files: lines });
  else context.out.line(stampMessages(context.lang).tallyRows(good, lines.length));
  return exitOf(lines.map(({ status }) => status));
}

async function hash(
  targets: readonly (Target & { readonly file: string })[],
  alg: Digest['alg'],
  { progress }: Work,
  context: Context,
): Promise<readonly Hashed[]> {
  progress.start(stampMessages(context.lang).hashing, targets.length);
  const paths = targets.map(({ file }) => file);
  try {
    const digests = await hashFiles(paths, alg, done => progress.update(done), context.signal);
    return targets.map((target, i) => ({ target, digest: digests[i]! }));
  } catch (error) {
    throw error instanceof HashError ? fileError(error, error.path, context) : error;
  } finally {
    progress.stop();
  }
}

/** Sends what has neither a verifying receipt that says what is asked for, nor an outcome of this run's resumption. */
async function record(
  hashed: readonly Hashed[],
  plan: EntryPlan,
  named: Named,
  work: Work,
  context: Context,
) {
  const { client } = work.session;
  const open: Hashed[] = [];
  for (const file of hashed) if (!(await isDone(file, plan, named, work, context))) open.push(file);
  const [first] = open;
  if (first === undefined) return;
  // Only an action that goes on with a history needs to know where that stands; and it is of one file, as a rule.
  const items: Item[] = [];
  if (begins(plan)) items.push(...buildItems(open, plan, null, context));
  else
    for (const file of open) {
      const [draft] = buildItems([file], plan, null, context);
      const standing = await client.subject(plan.profile, draft!.entry.subject);
      items.push(...buildItems([file], plan, standing?.standing.head ?? null, context));
    }
  work.progress.start(stampMessages(context.lang).recording, hashed.length);
  work.progress.update(hashed.length - open.length);
  await work.send(items);
}

async function isDone(
  file: Hashed,
  plan: EntryPlan,
  named: Named,
  work: Work,
  context: Context,
): Promise<boolean> {
  const { target, digest } = file;
  const before = work.outcomeOf(target.receipt);
  if (before?.outcome.type === 'pending' || before?.outcome.type === 'unproven') return true;
  const [item] = buildItems([file], plan, before?.item.entry.prev ?? null, context);
  if (before?.outcome.type === 'refused') return equalBytes(before.item.bytes, item!.bytes);
  const found = await existingReceipt(target.receipt, digest, work.session);
  if (found === null || !isAsked(found, named, plan)) return false;
  if (before === undefined) {
    const outcome = { type: 'already', index: found.index, height: found.leaf.height } as const;
    work.report({ target, item: item!, outcome });
  }
  return true;
}

/** The run's JSON value or its last line, and the exit code. */
export function summary(work: Work, targets: readonly Target[], context: Context): ExitCode {
  const reports = lastOf(work, targets);
  const good = reports.length - leftLines(reports).length;
  if (context.json) context.out.json({ recorded: good, of: reports.length, files: reports });
  else if (reports.length > 1) context.out.line(stampMessages(context.lang).tally(good, reports.length));
  return exitOf(reports.map(({ status }) => status));
}

/** What became of each target, in order; an outcome of a resumption that was tried anew is left out. */
function lastOf(work: Work, targets: readonly Target[]): readonly ReturnType<typeof toJsonOutcome>[] {
  const order = new Map(targets.map(({ receipt }, i) => [receipt, i]));
  const last = new Map<string, Reported>();
  for (const reported of work.reported) last.set(reported.target.receipt, reported);
  const place = ({ target }: Reported) => order.get(target.receipt) ?? order.size;
  return [...last.values()]
    .sort((a, b) => place(a) - place(b))
    .map(reported => toJsonOutcome(reported, work.lineOf(reported), work.detailOf(reported)));
}
