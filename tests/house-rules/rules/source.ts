/** A file of the project: its path from the root with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A house rule: the violations found in a tree, one `path:line reason` each, none when all is well. */
export type Rule = (files: readonly SourceFile[]) => string[];

/** Matches the files that hold code. */
export const CODE = /\.(?:ts|tsx|mts|js|mjs)$/;

/** Matches unit tests and benchmarks. */
export const TEST = /\.(?:test|bench)\.ts$/;

/** The one-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** A violation as it is shown: `path:line reason`. */
export function at(file: SourceFile, offset: number, reason: string): string {
  return `${file.path}:${lineAt(file.text, offset)} ${reason}`;
}
