import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../house-rules/rules/imports.ts';
import { views } from '../house-rules/rules/lexer.ts';

const FOLDER = new URL('.', import.meta.url);
const ALLOWED = /^node:(?:crypto|fs)$|^\.\/[a-z0-9-]+\.mjs$/;

/** What a file of the checker loads that it may not: anything but node:crypto, node:fs and its own folder. */
function foreignImports(text: string): string[] {
  const { code, bare } = views(text);
  const computed = [...bare.matchAll(/\bimport\s*\(/g)]
    .map(({ index }) => code.slice(index))
    .filter(rest => !/^import\s*\(\s*['"]/.test(rest))
    .map(() => 'a computed import');
  const required = [...bare.matchAll(/\b(?:require|createRequire|getBuiltinModule)\b/g)].map(
    ([word]) => word,
  );
  const imported = importsOf({ path: 'tests/independent/x.mjs', text }).map(({ specifier }) => specifier);
  return [...imported.filter(specifier => !ALLOWED.test(specifier)), ...required, ...computed];
}

describe('the independent checker shares no code', () => {
  const sources = readdirSync(FOLDER).filter(name => name.endsWith('.mjs'));

  it.each(sources)('%s imports only node:crypto, node:fs and its own folder', name => {
    expect(foreignImports(readFileSync(new URL(name, FOLDER), 'utf8'))).toEqual([]);
  });

  it.each([
    ["import { decode } from '@qifeng/core';", '@qifeng/core'],
    ["import '../fixtures/builder.ts';", '../fixtures/builder.ts'],
    ["export * from '../../packages/core/src/index.ts';", '../../packages/core/src/index.ts'],
    ["import {\n  sha256,\n} from '@noble/hashes/sha2.js';", '@noble/hashes/sha2.js'],
    ["const cbor = await import('cbor');", 'cbor'],
    ['const cbor = await import(name);', 'a computed import'],
    ['const x = require("x");', 'require'],
    ["import net from 'node:net';", 'node:net'],
  ])('a planted %j is reported', (source, what) => {
    expect(foreignImports(`import { hash } from 'node:crypto';\n${source}\n`)).toEqual([what]);
  });

  it('covers the checker and its command', () => {
    expect(sources).toEqual(expect.arrayContaining(['checker.mjs', 'check.mjs', 'trees.mjs', 'cbor.mjs']));
  });
});
