import { at, CODE, type Rule } from './source.ts';

const MAX_LINES = 400;
const NAMED = /\.(?:ts|tsx|mts|js|mjs|css|html)$/;
const KEBAB = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;

/** No code file, tests included, is longer than 400 lines. */
export const lineCount: Rule = files =>
  files.flatMap(file => {
    if (!CODE.test(file.path)) return [];
    const lines = file.text.replace(/\n$/, '').split('\n').length;
    return lines > MAX_LINES ? [`${file.path}:${lines} has ${lines} lines, more than ${MAX_LINES}`] : [];
  });

/** Code files and the folders they stand in have kebab-case names. */
export const kebabCase: Rule = files =>
  files
    .filter(({ path }) => NAMED.test(path) && !path.split('/').every(part => KEBAB.test(part)))
    .map(file => at(file, 0, 'the name is not kebab-case'));

const COMPILED = /\.(?:d\.ts|js)$/;

/** What the compiler writes goes to `dist`: a compiled file beside its source would be loaded in its stead. */
export const notCompiled: Rule = files => {
  const sources = new Set(files.map(({ path }) => path));
  return files
    .filter(({ path }) => COMPILED.test(path) && sources.has(path.replace(COMPILED, '.ts')))
    .map(file => at(file, 0, 'is a compiled file beside its source'));
};
