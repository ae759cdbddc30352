import { APPLIED, CliError, EXIT, type ExitCode, GOVERNANCE, ROUTES } from '@qifeng/core';
import type { Register } from '../../../register/register.ts';
import type { SearchQuery } from '../../../sdk/client.ts';
import { NodeError } from '../../../sdk/node-error.ts';
import type { Context } from '../../context.ts';
import { faultText } from '../../fault-text.ts';
import { nodeComplaint, requireNodes } from '../../nodes.ts';
import { profileNamed, stateNamed } from '../../profile-named.ts';
import { findChain, registerOf } from '../../trust.ts';
import { searchMessages } from './messages.ts';
import { printPage } from './print.ts';

/** Options of `qifeng search`, as they were written. */
export interface SearchFlags {
  readonly number?: string;
  readonly issuer?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly state?: string;
  readonly standing?: string;
  readonly at?: string;
  readonly digest?: string;
  readonly from?: string;
  readonly to?: string;
  readonly all?: true;
  readonly limit?: string;
  readonly cursor?: string;
}

/** Finds records and prints one page of them, with the command for the next. */
export async function search(text: string, flags: SearchFlags, context: Context): Promise<ExitCode> {
  const words = searchMessages(context.lang);
  const chain = await findChain(undefined, context);
  const client = await requireNodes(context);
  const names = chain && registerOf(chain, context);
  const query = queryOf(text, names === null ? flags : await named(flags, names, context), context);
  const page = await client.search(query).catch((error: unknown) => {
    if (error instanceof NodeError && error.reason === 'bad-cursor')
      throw new CliError(EXIT.usage, 'bad-cursor', {
        what: words.badCursor,
        why: faultText({ code: error.reason, detail: error.message }, context.lang),
        next: words.badCursorNext,
      });
    throw nodeComplaint(error, context);
  });
  if (context.json) context.out.json(page);
  else {
    const entries = page.results.map(({ leaf }) => leaf.entry.value);
    const publishers = entries.map(({ subject }) => subject.issuer);
    await names?.learn({ profiles: entries.map(({ profile }) => profile), publishers }, client);
    printPage(page, commandOf(text, flags), query.records !== 'all', names, context);
  }
  return EXIT.done;
}

/** The flags with profile and state by their names, by which nodes know them. */
async function named(flags: SearchFlags, names: Register, context: Context): Promise<SearchFlags> {
  const { profile: typed, state: typedState } = flags;
  // Records of governance have no profile to look at.
  if (typed === GOVERNANCE || typedState === APPLIED) return flags;
  const profile = typed === undefined ? undefined : await profileNamed(typed, names, context, true);
  const state = typedState === undefined ? undefined : await stateNamed(typedState, profile, names, context);
  return { ...flags, ...(profile !== undefined && { profile }), ...(state !== undefined && { state }) };
}

/** The question for the node, every part judged as the node will. */
function queryOf(text: string, { all, ...flags }: SearchFlags, { lang }: Context): SearchQuery {
  const words = searchMessages(lang);
  const texts = { ...flags, ...(text !== '' && { q: text }) };
  const query: Record<string, unknown> = all === undefined ? {} : { records: 'all' };
  for (const [name, written] of Object.entries(texts)) {
    const value = ROUTES.search.query[name as keyof typeof ROUTES.search.query].parse(written);
    if (value === null) {
      const what = words.bad(name === 'q' ? 'TEXT' : `--${name}`, written);
      throw new CliError(EXIT.usage, 'bad-search', { what, why: null, next: words.badNext });
    }
    query[name] = value;
  }
  return query;
}

/** The command as it was given, without its cursor. */
function commandOf(text: string, { all, cursor: _, ...flags }: SearchFlags): string {
  const options = Object.entries(flags).map(([name, value]) => `--${name} ${quoted(value)}`);
  const parts = [...(text === '' ? [] : [quoted(text)]), ...options, ...(all === undefined ? [] : ['--all'])];
  return ['qifeng search', ...parts].join(' ');
}

/** An argument as a POSIX shell takes it. */
function quoted(text: string): string {
  return /^[\p{L}\p{N}:._-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
