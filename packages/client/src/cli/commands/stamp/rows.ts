import { dirname, join, resolve } from 'node:path';
import {
  CliError,
  type Digest,
  type Entry,
  type Fault,
  type MetaValue,
  type Origin,
  RECEIPT_SUFFIX,
  sameDigest,
  toHex,
  usageFault,
  visible,
} from '@qifeng/core';
import { fieldsFlaw, type profileRules } from '@qifeng/core/execution';
import type { Names } from '../../../register/register.ts';
import type { Item, Target } from '../../../stamp/item.ts';
import type { BadRow, TableRow } from '../../../stamp/table.ts';
import { parseDigest } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { refusalText } from '../../fault-text.ts';
import { requireFile } from '../../files.ts';
import { receiptsFolder } from '../../home.ts';
import { fieldValue, isMetaValue } from '../../meta.ts';
import { originIn } from '../../origin.ts';
import { refusalFacts } from '../../refusal-facts.ts';
import { type EntryPlan, idByFields, itemOf, typedId, withTitle } from './entries.ts';
import { stampMessages } from './messages.ts';
import { receiptName } from './request.ts';

/** What the rows of a table have in common. */
export interface TablePlan extends Omit<EntryPlan, 'subject'> {
  /** The table, an absolute path: paths in it start from its folder. */
  readonly table: string;
  /** `--receipts`, an absolute path. */
  readonly receipts: string | undefined;
  /** The rules of the profile where that is known and in the open: a sealer checks by its own. */
  readonly rules: ReturnType<typeof profileRules> | null;
  readonly names: Names;
}

/** A row with all that its files say, but their digests. */
export interface ReadRow {
  readonly line: number;
  /** Absolute path. */
  readonly file: string | null;
  readonly digest: Digest | null;
  readonly subject: string | undefined;
  readonly receipt: string | null;
  readonly meta: ReadonlyMap<string, MetaValue>;
  readonly origin: Origin | null;
}

/** A row that can be recorded: the entry in the open, with the id of its subject as the ledger has it. */
export interface Row {
  readonly line: number;
  readonly target: Target;
  readonly plain: Entry;
}

/** A row that is not sent, and why. */
export interface Rejected {
  readonly line: number;
  /** What it is of, as it stands there. */
  readonly name: string;
  readonly code: string;
  readonly detail: string;
}

/** Tells the rows that can be made something of from the others, which are put to `rejected`. */
export async function sound<T, R>(
  rows: readonly T[],
  make: (row: T) => R | Promise<R>,
  about: (row: T) => Pick<Rejected, 'line' | 'name'>,
  rejected: Rejected[],
): Promise<readonly R[]> {
  const good: R[] = [];
  for (const row of rows) {
    try {
      good.push(await make(row));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      const { what, why } = error.complaint;
      rejected.push({ ...about(row), code: error.code, detail: why === null ? what : `${what} ${why}` });
    }
  }
  return good;
}

/** A row with its values in their types. Complains about what it cannot mean. */
export async function readRow(
  row: TableRow | BadRow,
  { table, meta, rule, origin }: TablePlan,
  context: Context,
): Promise<ReadRow> {
  const words = stampMessages(context.lang);
  const complain = (code: string, what: string) => usageFault(code, what, words.badValueNext);
  if ('fault' in row) throw complain(row.fault, row.fault === 'bad-row' ? words.badRow : words.badJsonRow);
  const { line, columns, fields } = row;
  const text = (name: keyof typeof columns): string | null => {
    const value = columns[name] ?? null;
    if (value === null || typeof value === 'string') return value;
    throw complain('bad-value', words.notText(name));
  };
  const folder = dirname(table);
  const [file, digest, receipt, stated] = [
    text('file'),
    text('digest'),
    text('receipt'),
    text('origin-file'),
  ];
  if (file !== null) {
    await requireFile(resolve(folder, file), file, context);
    if (file.endsWith(RECEIPT_SUFFIX)) throw complain('is-receipt', words.isReceipt(file));
  }
  const parsed = digest === null ? null : parseDigest(digest);
  if (digest !== null && parsed === null) throw complain('bad-digest', words.badDigest(digest));
  const values = new Map(meta);
  for (const [name, value] of fields) {
    if (typeof value !== 'string' && !isMetaValue(value))
      throw complain('bad-value', words.badValue(name, JSON.stringify(value), 'text'));
    values.set(name, typeof value === 'string' ? fieldValue(name, value, rule, undefined, context) : value);
  }
  return {
    line,
    file: file === null ? null : resolve(folder, file),
    digest: parsed,
    subject: text('subject') ?? undefined,
    receipt: receipt === null ? null : resolve(folder, receipt),
    meta: values,
    origin: stated === null ? origin : await originIn(stated, folder, context),
  };
}

/** What a row is called where it is spoken of. */
export function nameOf(row: TableRow | BadRow): string {
  if ('fault' in row) return '';
  const { file, digest, subject } = row.columns;
  return visible(String(file ?? subject ?? digest ?? ''));
}

/** Makes rows ready to be recorded: one of each subject and of each receipt. */
export class RowMaker {
  readonly #plan: TablePlan;
  readonly #context: Context;
  readonly #fields: Parameters<typeof fieldsFlaw>[0] | null;
  readonly #subjects = new Map<string, number>();
  readonly #receipts = new Map<string, number>();

  constructor(plan: TablePlan, context: Context) {
    this.#plan = plan;
    this.#context = context;
    this.#fields = plan.rules?.actions.get(plan.action) ?? null;
  }

  /** The row with the digest of its file. Complains where it cannot be recorded, or another row is about the same. */
  make(row: ReadRow, hashed: Digest | null): Row {
    const { profile, action, issuer, sealer, rule, naming } = this.#plan;
    const { line, file, meta, origin } = row;
    const words = stampMessages(this.#context.lang);
    const complain = (code: string, what: string) => usageFault(code, what, words.badEntryNext);
    if (hashed !== null && row.digest !== null && !sameDigest(hashed, row.digest))
      throw complain('file-mismatch', words.otherDigest);
    const digest = hashed ?? row.digest;
    // Under seal an id of 64 hex digits is one of the ledger, which tells nothing; a plain digest would.
    const own = digest && `${sealer === null ? '' : `${digest.alg}:`}${toHex(digest.hash)}`;
    const id = typedId(row.subject) ?? idByFields({ meta, naming }) ?? own;
    if (id === null) throw complain('no-subject', words.noSubject);
    const same = this.#subjects.get(id);
    if (same !== undefined) throw complain('named-twice', words.namedTwice(same));
    const receipt = this.#receiptOf(row, id);
    const other = this.#receipts.get(receipt);
    if (other !== undefined) throw complain('same-receipt', words.receiptTwice(other));
    const target = { file, receipt };
    const plain: Entry = {
      profile,
      action,
      subject: { issuer, id: sealer === null ? id : sealer.subjectId(profile, issuer, id) },
      digest,
      prev: null,
      links: [],
      meta: file === null ? meta : withTitle({ meta, rule }, file),
      origin,
    };
    itemOf(plain, target, sealer, this.#context); // what no entry can hold is found before anything is sent
    // A refusal by the ledger costs a submission; what is wrong with the fields can be told here.
    const flaw = this.#fields && fieldsFlaw(this.#fields, plain);
    if (flaw) throw complain(flaw.code, this.#flawText(flaw, plain));
    this.#subjects.set(id, line);
    this.#receipts.set(receipt, line);
    return { line, target, plain };
  }

  /** The item that is sent for a row, after the record `prev` of its subject. */
  item({ plain, target }: Row, prev: number | null): Item {
    return itemOf({ ...plain, prev }, target, this.#plan.sealer, this.#context);
  }

  #flawText(flaw: Fault, plain: Entry): string {
    const { names } = this.#plan;
    return refusalText(flaw, refusalFacts(plain, flaw.code, null, names), this.#context.lang);
  }

  #receiptOf({ file, receipt }: ReadRow, id: string): string {
    const { receipts, table, action } = this.#plan;
    if (receipt !== null) return receipt;
    if (file === null) return join(receipts ?? receiptsFolder(this.#context.home), receiptName(id, action));
    return `${receipts === undefined ? file : join(receipts, relativeBelow(dirname(table), file))}${RECEIPT_SUFFIX}`;
  }
}

/** A path below a folder as it goes on from there; of any other its last part. */
function relativeBelow(folder: string, path: string): string {
  return path.startsWith(`${folder}/`)
    ? path.slice(folder.length + 1)
    : path.slice(path.lastIndexOf('/') + 1);
}
