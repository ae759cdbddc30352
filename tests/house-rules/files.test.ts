import { describe, test } from 'vitest';
import { fires, keptByTheProject, silent } from './plant.ts';
import { indexOnlyAtEntry, noOwnIndex } from './rules/barrels.ts';
import { kebabCase, lineCount, notCompiled } from './rules/files.ts';

describe('line count', () => {
  keptByTheProject('no code file is longer than 400 lines', lineCount);
  test('401 lines are reported, tests and scripts included', () => {
    fires(
      lineCount,
      { 'packages/core/src/a.test.ts': 'a;\n'.repeat(401) },
      'packages/core/src/a.test.ts:401',
      '401 lines',
    );
    fires(lineCount, { 'scripts/a.mjs': 'a;\n'.repeat(401) }, 'scripts/a.mjs:401', '401 lines');
  });
  test('400 lines and long documents are not', () => {
    silent(lineCount, { 'scripts/a.mjs': 'a;\n'.repeat(400), 'docs/a.md': 'a\n'.repeat(900) });
  });
});

describe('names', () => {
  keptByTheProject('code files and folders are kebab-case', kebabCase);
  test('camel case and underscores are reported', () => {
    fires(
      kebabCase,
      { 'packages/core/src/mapProof.ts': '' },
      'packages/core/src/mapProof.ts:1',
      'kebab-case',
    );
    fires(
      kebabCase,
      { 'packages/core/src/map_proof.test.ts': '' },
      'packages/core/src/map_proof.test.ts:1',
      'kebab',
    );
    fires(
      kebabCase,
      { 'packages/core/src/Merkle/map.ts': '' },
      'packages/core/src/Merkle/map.ts:1',
      'kebab-case',
    );
  });
  test('kebab case, extensions and documents are not', () => {
    silent(kebabCase, {
      'packages/core/src/map-proof.test.ts': '',
      'scripts/a.d.mts': '',
      'docs/API.md': '',
    });
  });
});

describe('index.ts', () => {
  keptByTheProject('index.ts stands only at an entry', indexOnlyAtEntry);
  keptByTheProject('no file imports its own package’s entry', noOwnIndex);
  test('an index inside a package is reported', () => {
    fires(
      indexOnlyAtEntry,
      { 'packages/core/src/merkle/index.ts': '' },
      'packages/core/src/merkle/index.ts:1',
      'entry',
    );
    silent(indexOnlyAtEntry, { 'packages/core/src/index.ts': '', 'packages/core/src/native/index.ts': '' });
  });
  test('importing the own entry is reported, by path and by name', () => {
    const path = 'packages/core/src/merkle/log.ts';
    fires(noOwnIndex, { [path]: "\nimport { a } from '../index.ts';" }, `${path}:2`, '../index.ts');
    fires(noOwnIndex, { [path]: "import type { A } from '@qifeng/core';" }, `${path}:1`, '@qifeng/core');
    silent(noOwnIndex, { 'packages/node/src/engine/a.ts': "import { a } from '@qifeng/core';" });
  });
});

describe('compiled files', () => {
  keptByTheProject('none stands beside its source', notCompiled);
  test.each(['js', 'd.ts'])('one that ends in .%s is reported', ending => {
    const [source, compiled] = ['packages/core/src/a.ts', `packages/core/src/a.${ending}`];
    fires(notCompiled, { [source]: '', [compiled]: '' }, `${compiled}:1`, 'beside its source');
  });
  test('declarations of what others wrote are not', () => {
    silent(notCompiled, { 'packages/node/src/sodium-native.d.ts': '', 'scripts/a.mjs': '' });
  });
});
