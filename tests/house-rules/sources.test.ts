import { describe, expect, test } from 'vitest';
import { fires, keptByTheProject, plant, silent } from './plant.ts';
import { docstrings, noDefaultExport } from './rules/exports.ts';
import { noMachineNames, noUnfinished } from './rules/leaks.ts';
import { noLeftOutTests, testsCheck } from './rules/test-files.ts';

const FILE = 'packages/core/src/encoding/a.ts';
const UNIT = 'packages/core/src/encoding/a.test.ts';
/** Joined here so that these texts do not break the rules they test. */
const join = (...parts: string[]) => parts.join('');

describe('default exports', () => {
  keptByTheProject('no default exports', noDefaultExport);
  test('both forms are reported', () => {
    fires(noDefaultExport, { [FILE]: '\nexport default function a() {}' }, `${FILE}:2`, 'default');
    fires(noDefaultExport, { [FILE]: 'const a = 1;\nexport { a as default };' }, `${FILE}:2`, 'default');
    silent(noDefaultExport, {
      [FILE]: "// export default\nexport const a = 'export default';",
      'vitest.config.ts': 'export default {};',
    });
  });
});

describe('docstrings', () => {
  keptByTheProject('exported functions, interfaces and classes have docstrings', docstrings);
  test.each([
    'export function f() {}',
    'export async function f() {}',
    'export function* f() {}',
    'export interface F {}',
    'export abstract class F {}',
    'export const f = (a: number) => a;',
    'export const f = async <T>(a: T): Promise<T> => a;',
    'export const f = a => a;',
    '/* not a docstring */\nexport function f() {}',
    '/** of something else */\nconst a = 1;\nexport function f() {}',
    '/** */\nexport function f() {}',
  ])('%s', text => {
    const found = docstrings(plant({ [FILE]: text }));
    expect(found).toEqual([expect.stringMatching(/:\d+ [fF] is exported without a docstring$/)]);
  });
  test('documented ones, overloads, constants and tests are not reported', () => {
    silent(docstrings, {
      [FILE]: `/** Adds. */
export function add(a: number): number;
export function add(a: string): string;
export function add(a: unknown) { return a; }

/**
 * A thing.
 */
// biome-ignore lint/a/b: reason
export interface Thing {}

export const LIMIT = (1 + 2) * 3;
`,
      [UNIT]: 'export function helper() {}',
    });
  });
});

describe('tests', () => {
  keptByTheProject('no test is left out', noLeftOutTests);
  keptByTheProject('every test file checks something', testsCheck);
  test('left-out tests are reported', () => {
    for (const name of [
      'it.skip',
      'test.only',
      'describe.todo',
      'test.concurrent.skip',
      'describe.skip.each',
    ]) {
      fires(noLeftOutTests, { [UNIT]: `\n${name}('a', () => {});` }, `${UNIT}:2`, 'leaves tests out');
    }
    fires(noLeftOutTests, { [UNIT]: "xit('a', () => {});" }, `${UNIT}:1`, 'leaves tests out');
    silent(noLeftOutTests, { [UNIT]: "// it.skip\nreader.skip(4);\ntest('it.only', () => {});" });
  });
  test('a test file without a check is reported', () => {
    fires(testsCheck, { [UNIT]: "test('a', () => { run(); }); // expect(1)" }, `${UNIT}:1`, 'checks nothing');
    silent(testsCheck, { [UNIT]: 'expect(1).toBe(1);' });
    silent(testsCheck, { [UNIT]: 'fc.assert(property);' });
    const suite = { [UNIT]: "import { suite } from './suite.ts';\nsuite();" };
    const text = "import { expect } from 'vitest';\nexpect(1).toBe(1);";
    silent(testsCheck, { ...suite, 'packages/core/src/encoding/suite.ts': text });
    const ours = "import { assert } from './c.ts';\nassert(true);";
    fires(
      testsCheck,
      { ...suite, 'packages/core/src/encoding/suite.ts': ours },
      `${UNIT}:1`,
      'checks nothing',
    );
  });
});

describe('unfinished notes', () => {
  keptByTheProject('no notes for later', noUnfinished);
  test('are reported in code and documents', () => {
    fires(noUnfinished, { [FILE]: join('\n// TO', 'DO: later') }, `${FILE}:2`, 'says');
    fires(noUnfinished, { 'docs/A.md': join('FIX', 'ME') }, 'docs/A.md:1', 'says');
    silent(noUnfinished, { [FILE]: '// todo lists are fine' });
  });
});

describe('names of machines', () => {
  keptByTheProject('no machine paths, registry hosts or outside folders', noMachineNames);
  test('paths of machines are reported', () => {
    for (const folder of ['work', 'root', 'home']) {
      fires(noMachineNames, { [FILE]: `\nconst a = '/${folder}/${'x'}/y';` }, `${FILE}:2`, 'path');
    }
    silent(noMachineNames, {
      [FILE]: "const a = 'packages/work/x'; const b = '/workers/a'; const c = `\x24{base}/root/x`;",
    });
  });
  test('registry hosts are reported', () => {
    fires(noMachineNames, { '.npmrc': join('a=https://regis', 'try.example.org/') }, '.npmrc:1', 'registry');
    fires(noMachineNames, { '.npmrc': join('a=http://verda', 'ccio:4873/') }, '.npmrc:1', 'registry');
    silent(noMachineNames, { [FILE]: 'const registry = 1; registry.set(a, b);' });
  });
  test('folders outside the project are reported, those inside are not', () => {
    fires(noMachineNames, { 'docs/adr/1.md': join('see ../../../sha', 'red') }, 'docs/adr/1.md:1', 'outside');
    fires(noMachineNames, { 'docs/a.md': join('see shared', '/design/x.md') }, 'docs/a.md:1', 'outside');
    silent(noMachineNames, { 'packages/web/src/pages/a.ts': "import '../shared/a.ts';" });
  });
});
