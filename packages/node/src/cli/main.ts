import { setFlagsFromString } from 'node:v8';
import { columnsOf, type Streams, takesColour } from '@qifeng/core';
import { secretAsker } from '@qifeng/core/native';
import { run } from './run.ts';

// Threads that run the same WebAssembly can lock each other out for good when V8 frees code that was replaced by faster code
// (ADR 0001). There is little of it.
setFlagsFromString('--no-wasm-code-gc');

const streams: Streams = {
  stdout: text => process.stdout.write(text),
  stderr: text => process.stderr.write(text),
  env: process.env,
  columns: columnsOf(process.stdout.columns, process.env),
  colour: {
    out: takesColour(process.stdout.isTTY, process.env),
    err: takesColour(process.stderr.isTTY, process.env),
  },
};

// A reader that closes the pipe early (`| head`) must not change what the exit code tells.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const exit = await run(process.argv.slice(2), streams, secretAsker());
// What is half open (workers, sockets) must not keep a node alive that does not run; what was written to a pipe goes first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exit)));
