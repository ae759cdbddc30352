import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CliError, EXIT, type ExitCode, usageFault, visible } from '@qifeng/core';
import type { Context } from '../../context.ts';
import type { KeyFlags } from '../../keys.ts';
import { commonMessages } from '../../messages.ts';
import { chinaIso, parseDuration } from '../../time.ts';
import type { ActFlags } from '../act/flags.ts';
import { act, requireSubject } from '../act/handler.ts';
import { takeCheckpoint } from './handler.ts';
import { anchorMessages } from './messages.ts';

/** Arguments of `anchor schedule` as they were typed. */
export interface ScheduleFlags extends KeyFlags {
  readonly every: string;
  readonly dir: string;
  readonly genesis?: string;
  readonly upperHome?: string;
  readonly upperNode?: readonly string[];
  readonly upperGenesis?: string;
}

/** Milliseconds slept at a time at most: the clock may be set meanwhile, and a timer of Node holds 24 days. */
const NAP_MS = 3_600_000;

/**
 * Records the last checkpoint of the ledger on another one at fixed times, whether or not there is anything new, until
 * Ctrl-C: how often anchors come says nothing of what is below. The times are the multiples of the interval since 1970, so
 * that neither a restart nor a slow round moves them. A ledger that is away is tried again at the next time; anything else
 * that fails ends it.
 */
export async function anchorOnSchedule(
  subject: string,
  flags: ScheduleFlags,
  context: Context,
): Promise<ExitCode> {
  const { io, lang, signal } = context;
  const every = parseDuration(flags.every);
  requireSubject(subject, context);
  const { badDuration, badDurationNext } = commonMessages(lang);
  if (every === null) throw usageFault('bad-duration', badDuration('--every', flags.every), badDurationNext);
  const { genesis, upperHome, upperNode = [], upperGenesis, ...keys } = flags;
  const signed: ActFlags = upperGenesis === undefined ? keys : { ...keys, genesis: upperGenesis };
  const home = upperHome === undefined ? context.home : resolve(io.cwd, upperHome);
  const upper = { ...context, home, nodes: upperNode };
  for (;;) {
    const at = (Math.floor(Date.now() / every) + 1) * every;
    for (let left = at - Date.now(); left > 0; left = at - Date.now())
      await pause(Math.min(left, NAP_MS), undefined, { signal });
    const file = join(flags.dir, `${new Date(at).toISOString().replaceAll(':', '-')}.checkpoint`);
    const ended = await away(async () => {
      await takeCheckpoint(file, genesis, context);
      return act({ subject, action: 'anchor', file, flags: signed }, every, upper);
    }, context);
    if (ended === EXIT.unreachable)
      io.stderr(`${visible(anchorMessages(lang).again(chinaIso(at + every)))}\n`);
    else if (ended !== EXIT.done) return ended;
  }
}

/** The exit code of a round; a complaint that a ledger is away is told, and is one too. */
async function away(round: () => Promise<ExitCode>, { io }: Context): Promise<ExitCode> {
  try {
    return await round();
  } catch (error) {
    if (!(error instanceof CliError) || error.exit !== EXIT.unreachable) throw error;
    io.stderr(`${visible([error.complaint.what, error.complaint.why].filter(Boolean).join(' '))}\n`);
    return error.exit;
  }
}
