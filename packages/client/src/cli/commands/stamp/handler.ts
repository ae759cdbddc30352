import { CliError, EXIT, type ExitCode, equalBytes } from '@qifeng/core';
import { HashError, hashFiles } from '../../../files/hash-files.ts';
import type { Item, Target } from '../../../stamp/item.ts';
import type { Reported } from '../../../stamp/outcome.ts';
import { existingReceipt } from '../../../stamp/receipts.ts';
import type { Context } from '../../context.ts';
import { fileError } from '../../files.ts';
import { loadKey } from '../../keys.ts';
import { parseMeta } from '../../meta.ts';
import { nodeComplaint } from '../../nodes.ts';
import { beginSealing } from '../../sealing.ts';
import { requireChain } from '../../trust.ts';
import { buildItems, type EntryPlan, type Hashed, numberOf } from './entries.ts';
import type { StampFlags } from './flags.ts';
import { stampMessages } from './messages.ts';
import { exitOf, isGood, toJsonOutcome } from './print.ts';
import { collectTargets, findAction } from './request.ts';
import { Work } from './work.ts';

/** Records files; see the help of `qifeng stamp`. All that can be wrong with the request is found before the first is sent. */
export async function stamp(
  files: readonly string[],
  flags: StampFlags,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  const words = stampMessages(context.lang);
  const chain = await requireChain(flags.genesis, context);
  const { profile = 'policy', action = 'publish' } = flags;
  const rule = findAction(profile, action, chain, context);
  const meta = await parseMeta(flags.meta ?? [], rule, context);
  const targets = await collectTargets(files, flags.dir ?? [], flags.receipts, context);
  if (targets.length > 1 && (flags.subject !== undefined || numberOf({ meta }) !== undefined))
    throw new CliError(EXIT.usage, 'one-subject', {
      what: words.oneSubject,
      why: null,
      next: words.oneSubjectNext,
    });
  const key = await loadKey(flags, context);
  const work = await Work.begin(chain, key, patienceMs, context);
  try {
    const hashed = await hash(targets, work, context);
    const sealer = await beginSealing(profile, chain, key, context, flags.sealed);
    const plan = { profile, action, rule, issuer: key.publisher, subject: flags.subject, meta, sealer };
    buildItems(hashed, plan, null, context); // complaints come before anything is sent
    await work.resume();
    await record(hashed, plan, work, context);
  } catch (error) {
    throw nodeComplaint(error, context);
  } finally {
    await work.end();
  }
  return summary(work, targets, context);
}

async function hash(
  targets: readonly (Target & { readonly file: string })[],
  { progress }: Work,
  context: Context,
): Promise<readonly Hashed[]> {
  progress.start(stampMessages(context.lang).hashing, targets.length);
  const paths = targets.map(({ file }) => file);
  try {
    const digests = await hashFiles(paths, 'sha256', done => progress.update(done), context.signal);
    return targets.map((target, i) => ({ target, digest: digests[i]! }));
  } catch (error) {
    throw error instanceof HashError ? fileError(error, error.path, context) : error;
  } finally {
    progress.stop();
  }
}

/** Sends what has neither a verifying receipt nor an outcome of this run's resumption. */
async function record(hashed: readonly Hashed[], plan: EntryPlan, work: Work, context: Context) {
  const { client } = work.session;
  const open: Hashed[] = [];
  for (const file of hashed) if (!(await isDone(file, plan, work, context))) open.push(file);
  const [first] = open;
  if (first === undefined) return;
  // Only an action that goes on with a history needs to know where that stands; and it is of one file, as a rule.
  const begins = plan.action === 'publish' || (plan.rule?.from.includes('none') ?? false);
  const items: Item[] = [];
  if (begins) items.push(...buildItems(open, plan, null, context));
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

async function isDone(file: Hashed, plan: EntryPlan, work: Work, context: Context): Promise<boolean> {
  const { target, digest } = file;
  const before = work.outcomeOf(target.receipt);
  if (before?.outcome.type === 'pending' || before?.outcome.type === 'unproven') return true;
  const [item] = buildItems([file], plan, before?.item.entry.prev ?? null, context);
  if (before?.outcome.type === 'refused') return equalBytes(before.item.bytes, item!.bytes);
  const found = await existingReceipt(target.receipt, digest, work.session);
  if (found === null) return false;
  if (before === undefined) {
    const outcome = { type: 'already', index: found.index, height: found.leaf.height } as const;
    work.report({ target, item: item!, outcome });
  }
  return true;
}

/** The run's JSON value or its last line, and the exit code. An outcome of a resumption that was tried anew is left out. */
export function summary(work: Work, targets: readonly Target[], context: Context): ExitCode {
  const order = new Map(targets.map(({ receipt }, i) => [receipt, i]));
  const last = new Map<string, Reported>();
  for (const reported of work.reported) last.set(reported.target.receipt, reported);
  const place = ({ target }: Reported) => order.get(target.receipt) ?? order.size;
  const reports = [...last.values()].sort((a, b) => place(a) - place(b));
  const good = reports.filter(({ outcome }) => isGood(outcome)).length;
  if (context.json)
    context.out.json({ recorded: good, of: reports.length, files: reports.map(toJsonOutcome) });
  else if (reports.length > 1) context.out.line(stampMessages(context.lang).tally(good, reports.length));
  return exitOf(reports.map(({ outcome }) => outcome));
}
