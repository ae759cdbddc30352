import { viewsOf } from './lexer.ts';
import { at, type Rule, TEST } from './source.ts';

const SOURCE = /^packages\/[^/]+\/src\/.+\.ts$/;
const DEFAULT = /(?<![\w$.])export\s+default\b|(?<![\w$.])export\s*\{[^}]*\bas\s+default\b/g;
const DECLARED =
  /^export\s+(?:declare\s+)?(?:(?:async\s+)?function\s*\*?|interface|(?:abstract\s+)?class)\s+([\w$]+)/gm;
const ARROW =
  /^export\s+const\s+([\w$]+)[^=;]*=\s*(?:async\s+)?(?:function\b|<|\([^()]*\)\s*(?::[^=;]+)?=>|[\w$]+\s*=>)/gm;

/** No default exports in the packages' sources. */
export const noDefaultExport: Rule = files =>
  files
    .filter(({ path }) => SOURCE.test(path))
    .flatMap(file =>
      [...viewsOf(file.text).bare.matchAll(DEFAULT)].map(({ index }) => at(file, index, 'exports a default')),
    );

/** Whether a docstring ends just before the offset; line comments and decorators of tools may stand between. */
function documented(text: string, offset: number): boolean {
  let before = text.slice(0, offset).trimEnd();
  for (let line = /(?:^|\n)[ \t]*\/\/[^\n]*$/.exec(before); line !== null; ) {
    before = before.slice(0, line.index).trimEnd();
    line = /(?:^|\n)[ \t]*\/\/[^\n]*$/.exec(before);
  }
  if (!before.endsWith('*/')) return false;
  const start = before.lastIndexOf('/*');
  return before.startsWith('/**', start) && /\w|\p{Script=Han}/u.test(before.slice(start + 3, -2));
}

/** Every exported function, interface and class in the packages' sources has a docstring; overloads share the first. */
export const docstrings: Rule = files =>
  files
    .filter(({ path }) => SOURCE.test(path) && !TEST.test(path))
    .flatMap(file => {
      const { bare } = viewsOf(file.text);
      const seen = new Set<string>();
      return [...bare.matchAll(DECLARED), ...bare.matchAll(ARROW)].flatMap(({ index, 1: name = '' }) => {
        if (seen.has(name)) return [];
        seen.add(name);
        return documented(file.text, index)
          ? []
          : [at(file, index, `${name} is exported without a docstring`)];
      });
    });
