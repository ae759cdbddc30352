import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./killed-child.ts', import.meta.url));

/**
 * Runs a process that writes to a log or a store at `path` and says so after each write that resolved; kills it with
 * SIGKILL once it said so `enough` times. Gives how many it had said by its end.
 */
export async function runUntilKilled(what: 'log' | 'store', path: string, enough: number): Promise<number> {
  const child = spawn(process.execPath, ['--conditions=qifeng-source', CHILD, what, path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let acknowledged = 0;
  let problem = '';
  child.stdout.on('data', (said: Buffer) => {
    acknowledged += said.length;
    if (acknowledged >= enough) child.kill('SIGKILL');
  });
  child.stderr.on('data', (said: Buffer) => {
    problem += said.toString();
  });
  const [, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') throw new Error(`the writing process ended by itself: ${problem}`);
  return acknowledged;
}
