import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CODE, type SourceFile } from './rules/source.ts';

/** The root of the project, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', 'bench-results', '.git', '.cache', '.qifeng']);
const DATA = /^(?:tests\/(?:vectors|fixtures)|seeds)\//;
const READ = /(?:\.(?:ts|tsx|mts|js|mjs|json|md|yaml|yml|toml|html|css|svg|sh|grit)|^\.npmrc|^\.ci\/run)$/;

/** Every text file of the project, with the code among the vectors but not their data. */
export function sourceTree(): SourceFile[] {
  const files: SourceFile[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) walk(`${path}/`);
      } else if (READ.test(path) && (CODE.test(path) || !DATA.test(path))) {
        files.push({ path, text: readFileSync(join(ROOT, path), 'utf8') });
      }
    }
  };
  walk('');
  return files;
}
