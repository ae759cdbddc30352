import { describe, expect, test } from 'vitest';
import { fires, keptByTheProject, plant, silent } from './plant.ts';
import { noCycles } from './rules/cycles.ts';
import { importDirection } from './rules/layers.ts';

describe('import cycles', () => {
  keptByTheProject('no import cycles, types included', noCycles);
  const cycle = {
    'packages/core/src/a.ts': "import { b } from './b.ts';",
    'packages/core/src/b.ts': "export { c } from './c.ts';",
    'packages/core/src/c.ts': "import type { A } from './a.ts';",
  };
  test('a cycle closed by a type is reported once, with its way', () => {
    fires(
      noCycles,
      cycle,
      'packages/core/src/a.ts:1',
      'a.ts → packages/core/src/b.ts → packages/core/src/c.ts → packages/core/src/a.ts',
    );
  });
  test('a file that imports itself, and a cycle across packages, are reported', () => {
    fires(noCycles, { 'tests/a.ts': "import './a.ts';" }, 'tests/a.ts:1', 'tests/a.ts → tests/a.ts');
    expect(
      noCycles(
        plant({
          'packages/core/src/index.ts': "export * from '@qifeng/client';",
          'packages/client/src/index.ts': "export * from '@qifeng/core';",
        }),
      ),
    ).toHaveLength(1);
  });
  test('a diamond and a commented import are no cycle', () => {
    silent(noCycles, {
      'a.ts': "import './b.ts'; import './c.ts';",
      'b.ts': "import './d.ts';",
      'c.ts': "import './d.ts';",
      'd.ts': "// import './a.ts';",
    });
  });
});

describe('import direction', () => {
  keptByTheProject('imports point one way', importDirection);

  test.each([
    ['core/src/encoding/a.ts', '../crypto/b.ts', 'core/encoding may not import core/crypto'],
    ['core/src/merkle/a.ts', '../records/b.ts', 'core/merkle may not import core/records'],
    ['core/src/receipts/a.ts', '../api/b.ts', 'core/receipts may not import core/api'],
    ['core/src/crypto/a.ts', '../native/b.ts', 'core/crypto may not import core/native'],
    ['core/src/index.ts', './native/b.ts', 'core/index.ts may not import core/native'],
    ['core/src/api/a.ts', '../testing/b.ts', 'core/api may not import core/testing'],
    ['core/src/merkle/a.ts', './testing/b.ts', 'core/merkle may not import core/testing'],
    ['core/src/crypto/a.ts', 'node:crypto', 'core may import only @noble/*'],
    ['core/src/crypto/a.ts', 'commander', 'core may import only @noble/*'],
    ['core/src/crypto/a.ts', '@qifeng/node', 'core may not import node'],
    ['core/src/crypto/a.test.ts', '@qifeng/client', 'core may not import client'],
    ['core/src/crypto/a.ts', '../../../node/src/ports/b.ts', 'may not leave its package'],
    ['core/src/crypto/a.ts', '../../../../scripts/b.ts', "outside the packages' sources"],
    ['core/src/crypto/a.ts', '../../../../tests/vectors/b.ts', "outside the packages' sources"],
    ['node/src/storage/a.test.ts', '../../../core/src/crypto/b.ts', 'may not leave its package'],
    ['core/src/crypto/a.test.ts', '../../../node/src/testing/b.ts', 'core may not import node'],
    ['core/src/misc/a.ts', '@noble/hashes/sha2.js', 'has no place in the import order'],
    ['node/src/misc/a.ts', '@qifeng/core', 'has no place in the import order'],
    ['node/src/consensus/a.ts', '../engine/b.ts', 'node/consensus may not import node/engine'],
    ['core/src/execution/a.ts', '../receipts/b.ts', 'core/execution may not import core/receipts'],
    ['node/src/consensus/a.ts', 'node:fs', 'node/consensus may import only core'],
    ['node/src/consensus/a.ts', '@qifeng/core/native', 'node/consensus may not import core/native'],
    ['core/src/execution/a.ts', 'fast-check', 'core may import only @noble/*'],
    ['node/src/ports/a.ts', '../consensus/b.ts', 'node/ports may not import node/consensus'],
    ['node/src/mempool/a.ts', '../engine/b.ts', 'node/mempool may not import node/engine'],
    ['node/src/engine/a.ts', '../transport/b.ts', 'node/engine may not import node/transport'],
    ['node/src/transport/a.ts', '../storage/b.ts', 'node/transport may not import node/storage'],
    ['node/src/http/a.ts', '../metrics/b.ts', 'node/http may not import node/metrics'],
    ['node/src/storage/a.ts', '../testing/b.ts', 'node/storage may not import node/testing'],
    ['node/src/http/a.ts', '../node.ts', 'node/http may not import node/node.ts'],
    ['node/src/node.ts', './testing/b.ts', 'node/node.ts may not import node/testing'],
    ['node/src/http/a.ts', '@qifeng/client', 'node may not import client'],
    ['client/src/a.ts', '@qifeng/node', 'client may not import node'],
    ['web/src/a.ts', '@qifeng/node', 'web may not import node'],
    ['web/src/a.ts', '@qifeng/core/native', 'web may not import core/native'],
  ])('%s may not import %s', (path, specifier, reason) => {
    fires(
      importDirection,
      { [`packages/${path}`]: `import type { X } from '${specifier}';` },
      `packages/${path}:1`,
      reason,
    );
  });

  test.each([
    ['core/src/crypto/a.ts', '../encoding/b.ts'],
    ['core/src/api/a.ts', '../encoding/b.ts'],
    ['core/src/crypto/a.ts', '@noble/hashes/sha2.js'],
    ['core/src/merkle/testing/a.ts', 'node:crypto'],
    ['core/src/merkle/testing/a.ts', '../log.ts'],
    ['core/src/crypto/testing/a.ts', '../../../../../tests/vectors/b.ts'],
    ['node/src/storage/a.test.ts', '../../../core/src/crypto/testing/b.ts'],
    ['core/src/native/a.ts', 'node:crypto'],
    ['core/src/native/a.ts', '../crypto/hasher.ts'],
    ['core/src/encoding/a.test.ts', 'fast-check'],
    ['core/src/encoding/a.test.ts', '../crypto/b.ts'],
    ['node/src/consensus/a.ts', '@qifeng/core'],
    ['node/src/engine/a.ts', '../consensus/b.ts'],
    ['node/src/engine/a.ts', '../mempool/b.ts'],
    ['node/src/http/a.ts', '../ports/b.ts'],
    ['node/src/testing/a.ts', '../storage/b.ts'],
    ['node/src/node.ts', './transport/b.ts'],
    ['node/src/cli/a.ts', '../node.ts'],
    ['client/src/cli/a.ts', '../sdk/b.ts'],
    ['client/src/a.ts', '@qifeng/core/native'],
    ['web/src/a.ts', '@qifeng/client'],
  ])('%s may import %s', (path, specifier) => {
    silent(importDirection, { [`packages/${path}`]: `import { x } from '${specifier}';` });
  });
});
