import { posix } from 'node:path';
import { viewsOf } from './lexer.ts';
import { CODE, type SourceFile } from './source.ts';

/** One import, re-export or dynamic import, of values or of types. */
export interface Import {
  readonly specifier: string;
  readonly offset: number;
  /** The file it means, from the root, when the specifier is relative or a workspace package; it need not exist. */
  readonly target?: string;
}

const FROM = /(?<![\w$.])(?:import|export)(?:\b[^'"`;()]*?\bfrom)?\s*(['"])/g;
const CALL = /(?<![\w$.])import\s*\(\s*(['"])/g;

/** The entry file of a workspace specifier, such as `@qifeng/core/native`. */
function workspaceEntry(specifier: string): string | undefined {
  const parts = /^@qifeng\/([a-z-]+)(?:\/(.+))?$/.exec(specifier);
  if (parts === null) return undefined;
  return parts[2] === undefined
    ? `packages/${parts[1]}/src/index.ts`
    : `packages/${parts[1]}/src/${parts[2]}/index.ts`;
}

/** Every import of a file in the order of the text. */
export function importsOf(file: SourceFile): Import[] {
  const { code, bare } = viewsOf(file.text);
  const found: Import[] = [];
  for (const pattern of [FROM, CALL]) {
    for (const match of bare.matchAll(pattern)) {
      const start = match.index + match[0].length;
      const specifier = code.slice(start, bare.indexOf(match[1] as string, start));
      const target = specifier.startsWith('.')
        ? posix.normalize(posix.join(posix.dirname(file.path), specifier))
        : workspaceEntry(specifier);
      found.push({ specifier, offset: match.index, ...(target === undefined ? {} : { target }) });
    }
  }
  return found.sort((a, b) => a.offset - b.offset);
}

/** All code files with their imports. */
export function importGraph(files: readonly SourceFile[]): { file: SourceFile; imports: Import[] }[] {
  return files.filter(file => CODE.test(file.path)).map(file => ({ file, imports: importsOf(file) }));
}
