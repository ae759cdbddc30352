import { importGraph, importsOf } from './imports.ts';
import { viewsOf } from './lexer.ts';
import { at, type Rule, type SourceFile } from './source.ts';

const UNIT = /\.test\.ts$/;
const LEFT_OUT =
  /(?<![\w$.])(?:(?:it|test|describe|suite|bench)(?:\.\w+)*\.(?:skip|only|todo)\b|x(?:it|test|describe)\s*\()/g;
const CHECKS = /(?<![\w$])(?:expect|assert\w*)\s*[.(<]/;

/** No test is left out or singled out. */
export const noLeftOutTests: Rule = files =>
  files
    .filter(({ path }) => /\.(?:test|bench)\.ts$/.test(path))
    .flatMap(file =>
      [...viewsOf(file.text).bare.matchAll(LEFT_OUT)].map(({ 0: what, index }) =>
        at(file, index, `${what} leaves tests out`),
      ),
    );

/** Whether a file is a helper of tests: it imports the test runner. */
function isTestHelper(file: SourceFile): boolean {
  return importsOf(file).some(({ specifier }) => specifier === 'vitest');
}

/** Every test file checks something, itself or through test helpers that it imports. */
export const testsCheck: Rule = files => {
  const graph = new Map(importGraph(files).map(({ file, imports }) => [file.path, { file, imports }]));
  const checks = (path: string, seen: Set<string>): boolean => {
    const node = graph.get(path);
    if (node === undefined || seen.has(path)) return false;
    seen.add(path);
    const own = UNIT.test(path) || isTestHelper(node.file);
    if (own && CHECKS.test(viewsOf(node.file.text).bare)) return true;
    return own && node.imports.some(({ target }) => target !== undefined && checks(target, seen));
  };
  return files
    .filter(({ path }) => UNIT.test(path) && !checks(path, new Set()))
    .map(file => at(file, 0, 'a test file that checks nothing'));
};
