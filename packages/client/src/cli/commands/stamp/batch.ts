import { resolve } from 'node:path';
import { type Digest, fromUtf8, type ProfileAction, usageFault } from '@qifeng/core';
import { csvText } from '../../../files/csv.ts';
import { hashFiles } from '../../../files/hash-files.ts';
import { writeWhole } from '../../../files/write.ts';
import { inTurn } from '../../../sdk/turns.ts';
import type { Item } from '../../../stamp/item.ts';
import { existingRecord } from '../../../stamp/receipts.ts';
import { type BadRow, readTable, type TableRow } from '../../../stamp/table.ts';
import type { Context } from '../../context.ts';
import { faultText } from '../../fault-text.ts';
import { fileError, readSmall } from '../../files.ts';
import { fieldNamed } from '../../meta.ts';
import { saysTheSame } from '../../sealing.ts';
import { begins } from './entries.ts';
import { stampMessages } from './messages.ts';
import { type Line, leftLines, printRejected } from './print.ts';
import { type ReadRow, type Rejected, type Row, RowMaker, readRow, sound, type TablePlan } from './rows.ts';
import type { Work } from './work.ts';

/** Bytes of a table at most. */
const MAX_TABLE_BYTES = 64 * 1024 * 1024;
/** Standings asked for, and receipts read, at a time. */
const AT_ONCE = 8;

/** The rows of a table. Complains where it is none. */
export async function readRows(
  path: string,
  rule: ProfileAction | null,
  context: Context,
): Promise<readonly (TableRow | BadRow)[]> {
  const words = stampMessages(context.lang);
  const bytes = await readSmall(resolve(context.io.cwd, path), path, MAX_TABLE_BYTES, context);
  const text = fromUtf8(bytes);
  if (!text.ok)
    throw usageFault(
      'bad-table',
      words.badTable(path, faultText(text.fault, context.lang)),
      words.badTableNext,
    );
  const rows = readTable(text.value, context.lang, title => fieldNamed(title, rule));
  if (rows.ok) return rows.value;
  throw usageFault('bad-table', words.badTable(path, rows.fault.detail), words.badTableNext);
}

/**
 * Records the rows of a table, each of its own; `names` has what each is called, by line. What cannot be recorded is named, with its line, and the others go on; a row
 * whose receipt verifies and says the same is left as it is, so that a table can be run again.
 */
export async function recordRows(
  rows: readonly (TableRow | BadRow)[],
  names: ReadonlyMap<number, string>,
  plan: TablePlan,
  work: Work,
  context: Context,
): Promise<readonly Rejected[]> {
  const rejected: Rejected[] = [];
  const about = ({ line }: { readonly line: number }) => ({ line, name: names.get(line) ?? '' });
  const read = await sound(rows, row => readRow(row, plan, context), about, rejected);
  const digests = await digestsOf(read, plan.alg, work, context);
  const maker = new RowMaker(plan, context);
  const made = await sound(read, row => maker.make(row, digests.get(row) ?? null), about, rejected);
  work.nameLines(new Map(made.map(({ target, line }) => [target.receipt, line])));
  for (const one of rejected.sort((a, b) => a.line - b.line)) printRejected(one, context);
  await work.resume();
  const done = await inTurn(made, AT_ONCE, row => isDone(row, work));
  const open = made.filter((_, i) => !done[i]);
  const items = begins(plan)
    ? open.map(row => maker.item(row, null))
    : await inTurn(open, AT_ONCE, row => following(row, maker, work));
  work.progress.start(stampMessages(context.lang).recording, made.length);
  work.progress.update(made.length - open.length);
  await work.send(items);
  return rejected;
}

/** Writes the lines that were not recorded, as CSV, each with what it is of as the table has it. */
export async function writeLeft(
  path: string,
  lines: readonly Line[],
  names: ReadonlyMap<number, string>,
  context: Context,
): Promise<void> {
  const rows = leftLines(lines).map(({ line, status, code, detail }) => {
    return [line, names.get(line ?? 0) ?? null, status, code, detail];
  });
  const text = csvText([['line', 'name', 'status', 'code', 'detail'], ...rows]);
  await writeWhole(resolve(context.io.cwd, path), text).catch((error: unknown) => {
    throw fileError(error, path, context);
  });
}

async function digestsOf(
  rows: readonly ReadRow[],
  alg: Digest['alg'],
  { progress }: Work,
  context: Context,
): Promise<ReadonlyMap<ReadRow, Digest>> {
  const withFile = rows.filter(({ file }) => file !== null);
  progress.start(stampMessages(context.lang).hashing, withFile.length);
  const found = new Map<ReadRow, Digest>();
  // A digest in the row is what its file is compared with.
  for (const by of ['sha256', 'sm3'] as const) {
    const mine = withFile.filter(({ digest }) => (digest?.alg ?? alg) === by);
    const before = found.size;
    const paths = mine.map(({ file }) => file!);
    const digests = await hashFiles(paths, by, done => progress.update(before + done), context.signal);
    for (const [i, row] of mine.entries()) found.set(row, digests[i]!);
  }
  progress.stop();
  return found;
}

/** Whether a row needs nothing more: it is recorded, or an earlier run's sending of it has its outcome. */
async function isDone({ target, plain }: Row, work: Work): Promise<boolean> {
  const before = work.outcomeOf(target.receipt);
  if (before?.outcome.type === 'pending' || before?.outcome.type === 'unproven') return true;
  if (before?.outcome.type === 'refused') return saysTheSame(before.item, plain);
  const found = await existingRecord(target.receipt, work.session);
  if (found === null || !saysTheSame(found, plain)) return false;
  if (before === undefined) {
    const outcome = { type: 'already', index: found.index, height: found.leaf.height } as const;
    work.report({ target, item: { ...found, targets: [target] }, outcome });
  }
  return true;
}

async function following(row: Row, maker: RowMaker, { session }: Work): Promise<Item> {
  const { profile, subject } = row.plain;
  const standing = await session.client.subject(profile, subject);
  return maker.item(row, standing?.standing.head ?? null);
}
