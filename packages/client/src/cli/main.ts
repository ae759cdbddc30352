import { columnsOf, EXIT, takesColour } from '@qifeng/core';
import { secretAsker } from '@qifeng/core/native';
import type { Io } from './io.ts';
import { run } from './run.ts';

const unread = new AbortController();
const io: Io = {
  stdout: text => process.stdout.write(text),
  stderr: text => process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  columns: columnsOf(process.stdout.columns, process.env),
  colour: {
    out: takesColour(process.stdout.isTTY, process.env),
    err: takesColour(process.stderr.isTTY, process.env),
  },
  screen: process.stderr.isTTY && process.env['TERM'] !== 'dumb' ? process.stderr : null,
  unread: unread.signal,
  askSecret: secretAsker(),
};

// A reader that closes the pipe early (`| head`) must not change the verdict that the exit code tells.
process.stdout.on('error', () => unread.abort());
process.stderr.on('error', () => {});

const interrupt = new AbortController();
process.on('SIGINT', () => {
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted); // the second Ctrl-C does not wait for anything
  interrupt.abort();
});

process.exitCode = await run(process.argv.slice(2), io, interrupt.signal);
if (process.exitCode === EXIT.interrupted) process.exit();
