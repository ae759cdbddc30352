import { readFileSync } from 'node:fs';
import {
  CliError,
  EXIT,
  type ExitCode,
  Output,
  preview,
  type Streams,
  shellMessages,
  usageError,
  usageFault,
  writeError,
} from '@qifeng/core';
import type { AskSecret } from '@qifeng/core/native';
import { CommanderError } from 'commander';
import pc from 'picocolors';
import { explainError } from './node-faults.ts';
import { withOpenKeys } from './passphrase.ts';
import { buildProgram } from './program.ts';

/**
 * The whole of `qifeng-node` but the process: arguments without node and script in, exit code out. Never rejects.
 * @param askSecret who asks for passphrases; null where nobody can be asked
 */
export async function run(
  argv: readonly string[],
  streams: Streams,
  askSecret: AskSecret | null = null,
): Promise<ExitCode> {
  const { lang, json, wrongLang } = preview(argv, streams.env);
  const words = shellMessages(lang);
  const out = new Output(streams, pc.createColors(streams.colour.out));
  let exit: ExitCode = EXIT.done;
  const program = buildProgram(lang, streams, packageVersion(), async handler => {
    exit = await withOpenKeys(handler, { lang, json, streams, out, askSecret });
  });
  try {
    if (wrongLang !== null)
      throw usageFault('bad-lang', words.badLang(wrongLang), words.seeHelp('qifeng-node --help'));
    await program.parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
    const known =
      error instanceof CommanderError
        ? usageError(error, argv, program, lang)
        : error instanceof CliError
          ? error
          : explainError(error, lang);
    if (known === null) streams.stderr(`${error instanceof Error ? error.stack : String(error)}\n`);
    const { broken, brokenNext } = words;
    const said =
      known ??
      new CliError(EXIT.broken, 'internal-error', {
        what: broken('qifeng-node'),
        why: null,
        next: brokenNext,
      });
    writeError(said, streams, pc.createColors(streams.colour.err), { command: 'qifeng-node', lang, json });
    return said.exit;
  }
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String((manifest as { version: unknown }).version);
}
