import { describe, expect, test } from 'vitest';
import { importsOf } from './rules/imports.ts';
import { views } from './rules/lexer.ts';

const bare = (text: string) => views(text).bare;

describe('the two views of a text', () => {
  test('keep its length and its lines', () => {
    const text =
      "const a = 'x\\'y'; // c\n/* d\n e */ const b = `t${a + `u${1}`}v`;\nconst c = /[/'\"]+/g.test(a) ? 4 / 2 / 1 : 0;\n";
    const { code, bare: hidden } = views(text);
    expect(code).toHaveLength(text.length);
    expect(hidden).toHaveLength(text.length);
    expect(hidden.split('\n')).toHaveLength(text.split('\n').length);
  });

  test('hide comments, strings, templates and regular expressions', () => {
    expect(bare("a // b 'c\nd")).toBe('a        \nd');
    expect(bare('a /* b */ c')).toBe('a         c');
    expect(bare('f(\'//\', "/*")')).toBe('f(\'  \', "  ")');
    expect(bare('`a${ b + `c${d}e` }f`')).toBe('` ${ b + ` ${d} ` } `');
    expect(bare('`${ { a: 1 } }x`; y')).toBe('`${ { a: 1 } } `; y');
    expect(bare("x = /['/]/.test(y)")).toBe('x = /    /.test(y)');
    expect(bare("return /'/; z")).toBe('return / /; z');
    expect(bare("a / b / 'c'")).toBe("a / b / ' '");
  });

  test('an unfinished text ends with the text', () => {
    for (const text of ["'abc", '`abc', '`a${', '/* abc', '// abc', "'\\", '`\\'])
      expect(bare(text)).toHaveLength(text.length);
  });
});

describe('imports', () => {
  const specifiers = (text: string) =>
    importsOf({ path: 'packages/core/src/a/b.ts', text }).map(i => i.specifier);

  test('of every form are found', () => {
    const text = `import './a.ts';
import b, { c } from './b.ts';
import * as d from "./d.ts";
import type { E } from './e.ts';
import {
  f, // './no.ts'
  type G,
} from './f.ts';
export * from './h.ts';
export type { I } from './i.ts';
export { j as k } from './j.ts';
const l = await import('./l.ts');
type M = import('./m.ts').M;
`;
    expect(specifiers(text)).toEqual(
      ['a', 'b', 'd', 'e', 'f', 'h', 'i', 'j', 'l', 'm'].map(x => `./${x}.ts`),
    );
  });

  test('in comments, strings and templates are not', () => {
    expect(
      specifiers(
        `// import './a.ts'\n/* export * from './b.ts' */\nconst c = "import './c.ts'";\nconst d = \`import './d.ts'\`;`,
      ),
    ).toEqual([]);
    expect(
      specifiers("export const from = 'x';\nexport function f(): string { return 'y'; }\nit.import('z');"),
    ).toEqual([]);
  });

  test('resolve to files of the project', () => {
    const text =
      "import '../c.ts'; import '@qifeng/core'; import '@qifeng/core/native'; import '@noble/hashes/sha2.js';";
    expect(importsOf({ path: 'packages/core/src/a/b.ts', text }).map(i => i.target)).toEqual([
      'packages/core/src/c.ts',
      'packages/core/src/index.ts',
      'packages/core/src/native/index.ts',
      undefined,
    ]);
  });
});
