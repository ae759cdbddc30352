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

/** What the node's services run: not its commands, which ask the nodes that they are told of. */
const SERVICES = /^packages\/node\/src\/(?!cli\/|(?:.*\/)?testing\/)/;
/** A call, and no declaration of a method of that name, whose parameters have types. */
const FETCH = /(?<![\w$.#])(?:globalThis\.)?fetch\s*\((?!(?:[^()]*:[^()]*|\s*)\)\s*[:{])/g;
const HTTP_CLIENT =
  /import\s*(?:\{[^}]*\b(?:Agent|connect|get|request)\b[^}]*\}|(?!type\b)(?:\*\s*as\s+)?\w+)\s*from\s*'(?:node:)?(?:https?|http2)'|from\s*'undici'/g;

/** A node fetches nothing over HTTP: no client can name a URL that it asks. */
export const noFetching: Rule = files => {
  const services = files.filter(({ path }) => SERVICES.test(path) && !TEST.test(path));
  return services.flatMap(file => [
    ...[...viewsOf(file.text).bare.matchAll(FETCH)].map(({ index }) =>
      at(file, index, 'fetches in a service'),
    ),
    ...[...file.text.matchAll(HTTP_CLIENT)].map(({ index }) =>
      at(file, index, 'is an HTTP client in a service'),
    ),
  ]);
};
