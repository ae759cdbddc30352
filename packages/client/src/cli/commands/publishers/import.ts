import { resolve } from 'node:path';
import { type ExitCode, fromUtf8, usageFault, visible } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { csvRows, csvText } from '../../../files/csv.ts';
import { writeWhole } from '../../../files/write.ts';
import type { Outcome } from '../../../publishers/desk.ts';
import type { PublisherView } from '../../../publishers/differences.ts';
import type { Item } from '../../../publishers/item.ts';
import { columnsOf, type Listed, listedOf, rolesOf, textsOf } from '../../../publishers/roster.ts';
import type { Context } from '../../context.ts';
import { readSmall } from '../../files.ts';
import { Progress } from '../../progress.ts';
import type { ImportFlags } from './flags.ts';
import { compared, exitOf, jsonOf, tellNext } from './handler.ts';
import { madeKey } from './made-keys.ts';
import { publishersMessages } from './messages.ts';
import { asked, type Office, openOffice } from './session.ts';

/** Bytes of a roster at most: some 300,000 publishers. */
const MAX_BYTES = 64 * 1024 * 1024;

/** One line of the roster with what became of it. */
interface Line {
  readonly line: number;
  /** As it stands there, however wrong. */
  readonly id: string;
  readonly outcome: Outcome;
}
type Wanted = Listed & { readonly line: number };

/**
 * Enrols the publishers of a CSV file. Lines that are wrong, or that the ledger refuses, are named and the others go on; who is
 * enrolled already is left as it is, so that it can be run again.
 */
export async function importRoster(
  file: string,
  flags: ImportFlags,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  const words = publishersMessages(context.lang);
  const office = await openOffice(flags, patienceMs, context);
  const bytes = await readSmall(resolve(context.io.cwd, file), file, MAX_BYTES, context);
  const text = fromUtf8(bytes);
  if (!text.ok) throw usageFault('bad-csv', words.notUtf8(file), words.notUtf8Next);
  const done: Line[] = [];
  const progress = new Progress(context);
  try {
    const wanted = readRoster(text.value, flags, office, done, context);
    const items = await missing(wanted, flags.makeKeys === true, office, done, progress, context);
    const lines = new Map(wanted.map(({ id, line }) => [id, line]));
    progress.start(words.recording, items.length);
    let count = 0;
    const report = ({ id }: Item, outcome: Outcome) => {
      done.push({ line: lines.get(id)!, id, outcome });
      progress.update(++count);
    };
    await office.carryOut(items, report);
  } finally {
    progress.stop();
  }
  return tell(done, flags.report, context);
}

/** The sound lines of a roster; the others are done with. */
function readRoster(
  text: string,
  { roles }: ImportFlags,
  { members }: Office,
  done: Line[],
  { lang }: Context,
): readonly Wanted[] {
  const words = publishersMessages(lang);
  const outside = roles === undefined ? null : rolesOf(roles, lang);
  if (outside?.ok === false) throw usageFault(outside.fault.code, outside.fault.detail, words.mistakeNext);
  const rows = csvRows(text);
  const header = rows.next();
  const columns = header.done ? null : columnsOf(header.value, outside !== null, lang);
  if (!columns?.ok) throw usageFault('bad-header', columns?.fault.detail ?? words.empty, words.headerNext);
  const wanted = new Map<string, Wanted>();
  for (const row of rows) {
    const { line } = row;
    const refused = (id: string, code: string, detail: string) =>
      done.push({ line, id, outcome: { type: 'refused', code, detail } });
    const texts = textsOf(row, columns.value, roles ?? '', lang);
    const listed = texts.ok ? listedOf(texts.value, members, nativeSuite.verifier, lang) : texts;
    if (!listed.ok) refused(texts.ok ? texts.value.code : '', listed.fault.code, listed.fault.detail);
    else {
      const { id } = listed.value;
      const before = wanted.get(id);
      if (before !== undefined) refused(id, 'named-twice', words.namedTwice(before.line));
      else wanted.set(id, { ...listed.value, line });
    }
  }
  return [...wanted.values()];
}

/** Those that are not enrolled yet and can be from here, with their keys. */
async function missing(
  wanted: readonly Wanted[],
  makeKeys: boolean,
  { client, serves }: Office,
  done: Line[],
  progress: Progress,
  context: Context,
): Promise<readonly Item[]> {
  const words = publishersMessages(context.lang);
  const enrolled = new Map<string, PublisherView>();
  const ids = new Set(wanted.map(({ id }) => id));
  const read = async () => {
    for await (const one of client.publishers()) if (ids.has(one.id)) enrolled.set(one.id, one);
  };
  progress.start(words.preparing, wanted.length);
  await asked(read(), context);
  const items: Item[] = [];
  for (const [i, { line, ...listed }] of wanted.entries()) {
    context.signal.throwIfAborted();
    const { home, keys, ...rest } = listed;
    const { id } = rest;
    const known = enrolled.get(id);
    const refused = (code: string, detail: string) =>
      done.push({ line, id, outcome: { type: 'refused', code, detail } });
    if (known !== undefined) done.push({ line, id, outcome: compared(listed, known, context) });
    else if (!serves(home)) refused('no-member-key', words.noMemberKey(home));
    else if (keys.length === 0 && !makeKeys) refused('no-key', words.noKey);
    else {
      const own = keys.length > 0 ? keys : [await madeKey(id, context)];
      items.push({ home, id, enrolment: { ...rest, keys: own } });
    }
    progress.update(i + 1);
  }
  return items;
}

async function tell(done: readonly Line[], report: string | undefined, context: Context): Promise<ExitCode> {
  const { out, json, lang, io } = context;
  const words = publishersMessages(lang);
  const count = (type: Outcome['type']) => done.filter(({ outcome }) => outcome.type === type).length;
  const left = done
    .filter(({ outcome }) => outcome.type === 'refused' || outcome.type === 'pending')
    .sort((a, b) => a.line - b.line)
    .map(({ line, id, outcome }) => ({ line, id, ...jsonOf(outcome) }));
  if (report !== undefined)
    await writeWhole(
      resolve(io.cwd, report),
      csvText([
        ['line', 'id', 'status', 'code', 'detail'],
        ...left.map(one => [one.line, one.id, one.status, one.code, one.detail]),
      ]),
    );
  const tally = {
    enrolled: count('ok'),
    proposed: count('proposed'),
    already: count('already'),
    refused: count('refused'),
    pending: count('pending'),
  };
  if (json) out.json({ ...tally, left });
  else {
    for (const { line, id, status, code, detail } of left) {
      const word = out.painted(status === 'pending' ? null : false, words[status as 'refused' | 'pending']);
      out.line([word, words.line(line), visible(id), visible(code ?? ''), visible(detail ?? '')].join('  '));
    }
    out.line(words.tally(tally));
  }
  tellNext(done, context);
  return exitOf(done.map(({ outcome }) => outcome));
}
