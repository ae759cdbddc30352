import { importGraph } from './imports.ts';
import { at, type Rule } from './source.ts';

const PACKAGE = /^packages\/[^/]+\//;

/** `index.ts` stands only at the entry of a package (core has two more, `execution` and `native`). */
export const indexOnlyAtEntry: Rule = files =>
  files
    .filter(({ path }) => /(?:^|\/)index\.ts$/.test(path))
    .filter(({ path }) => !/^packages\/(?:[^/]+\/src|core\/src\/(?:execution|native))\/index\.ts$/.test(path))
    .map(file => at(file, 0, 'index.ts stands only at the entry of a package'));

/** No file of a package, tests included, imports one of the package's own entries. */
export const noOwnIndex: Rule = files =>
  importGraph(files).flatMap(({ file, imports }) =>
    imports
      .filter(({ target }) => {
        const own = PACKAGE.exec(file.path)?.[0];
        return own !== undefined && target?.startsWith(own) && target.endsWith('/index.ts');
      })
      .map(({ specifier, offset }) => at(file, offset, `imports its own package's entry: ${specifier}`)),
  );
