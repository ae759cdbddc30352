import { importGraph } from './imports.ts';
import { viewsOf } from './lexer.ts';
import { at, type Rule, type SourceFile, TEST } from './source.ts';

const PURE = /^packages\/(?:core\/src\/(?!native\/|(?:.*\/)?testing\/)|node\/src\/consensus\/)/;

const IMPURE =
  /(?<![\w$.])(?:Date\s*\.\s*now|new\s+Date|Math\s*\.\s*random|performance\s*\.\s*now|set(?:Timeout|Interval|Immediate)|process\s*\.|Buffer\b(?!\s*:))/g;

function pure(file: SourceFile): boolean {
  return PURE.test(file.path) && !TEST.test(file.path);
}

/** Core (without native) and consensus know no clock, randomness, timer, process or Buffer. */
export const noImpureGlobals: Rule = files =>
  files
    .filter(pure)
    .flatMap(file =>
      [...viewsOf(file.text).bare.matchAll(IMPURE)].map(({ 0: what, index }) =>
        at(file, index, `${what.replace(/\s+/g, ' ')} in pure code`),
      ),
    );

/** Core (without native) and consensus import nothing of Node. */
export const noNodeImports: Rule = files =>
  importGraph(files.filter(pure)).flatMap(({ file, imports }) =>
    imports
      .filter(({ specifier }) => specifier.startsWith('node:'))
      .map(({ specifier, offset }) => at(file, offset, `imports ${specifier} in pure code`)),
  );
