import {
  CliError,
  EXIT,
  type ExitCode,
  Output,
  type Preview,
  preview,
  shellMessages,
  usageError,
  usageFault,
  writeError,
} from '@qifeng/core';
import { type Command, CommanderError } from 'commander';
import pc from 'picocolors';
import type { Context } from './context.ts';
import { resolveHome } from './home.ts';
import type { Io } from './io.ts';
import { commonMessages } from './messages.ts';
import { isNodeUrl } from './nodes.ts';
import { buildProgram, type GlobalOptions } from './program.ts';
import { packageVersion } from './version.ts';

/** The whole of `qifeng` but the process: arguments without node and script in, exit code out. Never rejects. */
export async function run(argv: readonly string[], io: Io, signal: AbortSignal): Promise<ExitCode> {
  const seen = preview(argv, io.env);
  let exit: ExitCode = EXIT.done;
  let afterInterrupt = (): string => commonMessages(seen.lang).interruptedNext;
  const setAfter = (next: () => string): void => {
    afterInterrupt = next;
  };
  const program = buildProgram(seen, io, packageVersion(), async handler => {
    exit = await handler(makeContext(program.opts<GlobalOptions>(), seen, io, { signal, setAfter }));
  });
  try {
    const words = shellMessages(seen.lang);
    if (seen.wrongLang !== null)
      throw usageFault('bad-lang', words.badLang(seen.wrongLang), words.seeHelp('qifeng --help'));
    await Promise.race([program.parseAsync(argv, { from: 'user' }), aborted(signal)]);
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
    const known = signal.aborted ? interrupted(afterInterrupt(), seen) : explain(error, argv, program, seen);
    if (known.exit === EXIT.broken) io.stderr(`${error instanceof Error ? error.stack : String(error)}\n`);
    writeError(known, io, pc.createColors(io.colour.err), { command: 'qifeng', ...seen });
    return known.exit;
  }
}

/** What a command may know and say of its interruption. */
interface Interrupt {
  readonly signal: AbortSignal;
  readonly setAfter: Context['afterInterrupt'];
}

function makeContext(
  options: GlobalOptions,
  { lang, json }: Preview,
  io: Io,
  { signal, setAfter }: Interrupt,
): Context {
  const nodes = options.node ?? [];
  const wrong = nodes.find(node => !isNodeUrl(node));
  const words = commonMessages(lang);
  if (wrong !== undefined) throw usageFault('bad-node', words.badNode(wrong), words.badNodeNext);
  const out = new Output(io, pc.createColors(io.colour.out));
  return {
    lang,
    json,
    home: resolveHome(options.home, io),
    nodes,
    io,
    out,
    signal,
    afterInterrupt: setAfter,
  };
}

function interrupted(next: string, { lang }: Preview): CliError {
  const complaint = { what: commonMessages(lang).interrupted, why: null, next };
  return new CliError(EXIT.interrupted, 'interrupted', complaint);
}

function explain(error: unknown, argv: readonly string[], program: Command, { lang }: Preview): CliError {
  const words = commonMessages(lang);
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) return usageError(error, argv, program, lang);
  const { broken, brokenNext } = shellMessages(lang);
  const complaint = { what: broken('qifeng'), why: words.brokenWhy, next: brokenNext };
  return new CliError(EXIT.broken, 'internal-error', complaint);
}

/** Rejects when the signal is aborted, so that Ctrl-C does not wait for a handler. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Error('aborted'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
}
