import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `--home`, else QIFENG_HOME, else `./.qifeng`. */
export function homeOf(option: string | undefined): string {
  return resolve(option ?? process.env['QIFENG_HOME'] ?? '.qifeng');
}

/** The seeds that ship with the project. */
export function seedsFolder(): string {
  for (let folder = fileURLToPath(new URL('.', import.meta.url)); ; folder = join(folder, '..')) {
    if (existsSync(join(folder, 'seeds', 'members.json'))) return join(folder, 'seeds');
    if (folder === join(folder, '..'))
      throw new CliError('the seeds folder is missing', 'run from a full clone', 2);
  }
}

/** Ends a command: what, what to do next, and the exit code (2 usage, 1 false, 3 not reachable). */
export class CliError extends Error {
  readonly next: string;
  readonly exit: number;

  constructor(what: string, next: string, exit: number) {
    super(what);
    this.next = next;
    this.exit = exit;
  }
}
