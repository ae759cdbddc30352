import { spawn } from 'node:child_process';

/** One command of the whole long test. */
export interface Stage {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
}

const npm = (name: string, ...args: string[]): Stage => ({ name, command: ['npm', 'run', ...args] });

/** In this order: what finds most in a minute first, what only goes on at the end. */
export const STAGES: readonly Stage[] = [
  npm('guards', 'guards'),
  npm('crash-points', 'sim', '--', '--crash-points'),
  npm('model', 'model', '--', '--long', '--minutes', '6'),
  npm('liars', 'chaos', '--', '--liars', 'all'),
  ...['scale', 'catch-up', 'provinces', 'membership', 'soak', 'overload'].map(name =>
    npm(name, 'long', '--', name),
  ),
  npm('sim', 'sim', '--', '--long', '--minutes', '60'),
  npm('fuzz', 'fuzz', '--', '--inputs', '1000000'),
  npm('chaos', 'chaos', '--', '--minutes', '120'),
];

/** Those that are named, apart by commas, in their own order; all without names. Throws RangeError on a name that none has. */
export function chosenStages(stages: readonly Stage[], only: string | undefined): readonly Stage[] {
  if (only === undefined) return stages;
  const names = only.split(',');
  const unknown = names.filter(name => !stages.some(stage => stage.name === name));
  if (unknown.length > 0)
    throw new RangeError(
      `no stage ${unknown.join(', ')}; there are ${stages.map(({ name }) => name).join(', ')}`,
    );
  return stages.filter(({ name }) => names.includes(name));
}

/**
 * Runs stages one after another, whatever becomes of each. Says how each ended and after what time, all of it again at the
 * end, and last `N passed, N failed`; gives the exit code, 0 if all passed. After `stopped` no more are begun, and they
 * count as failed.
 */
export async function runStages(
  stages: readonly Stage[],
  say: (line: string) => void,
  stopped: AbortSignal,
): Promise<0 | 1> {
  const results: string[] = [];
  let failed = 0;
  for (const [i, stage] of stages.entries()) {
    say(`[${i + 1}/${stages.length}] ${stage.name}: ${stage.command.join(' ')}`);
    const start = performance.now();
    const flaw = await flawOf(stage, stopped);
    if (flaw !== null) failed++;
    const minutes = ((performance.now() - start) / 60_000).toFixed(1).padStart(6);
    results.push(`${minutes} min  ${stage.name} ${flaw === null ? 'passed' : `FAILED: ${flaw}`}`);
    say(results.at(-1)!);
  }
  say('');
  for (const result of results) say(result);
  say(`${stages.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Why a stage did not pass, or null. */
function flawOf({ command: [program, ...args] }: Stage, stopped: AbortSignal): Promise<string | null> {
  if (stopped.aborted) return Promise.resolve('not begun');
  return new Promise(resolve => {
    const child = spawn(program, args, { stdio: 'inherit', shell: process.platform === 'win32' });
    const stop = () => child.kill('SIGTERM');
    stopped.addEventListener('abort', stop);
    const ended = (flaw: string | null) => {
      stopped.removeEventListener('abort', stop);
      resolve(stopped.aborted ? 'stopped' : flaw);
    };
    child.once('error', error => ended(error.message));
    child.once('exit', (code, signal) => ended(code === 0 ? null : `exit ${code ?? signal}`));
  });
}
