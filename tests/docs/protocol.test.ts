import { describe, expect, it } from 'vitest';
import type { Removal } from '../../packages/node/src/testing/guards/removal.ts';
import { REMOVALS } from '../../packages/node/src/testing/guards.ts';
import { MUTANTS } from '../../packages/node/src/testing/mutants.ts';
import { plant } from '../house-rules/plant.ts';
import type { SourceFile } from '../house-rules/rules/source.ts';
import { sourceTree } from '../house-rules/source-tree.ts';

const DOCUMENT = 'docs/PROTOCOL.md';
const NODE = 'packages/node/src/';
const CONSENSUS = `${NODE}consensus/`;

interface Listed {
  readonly name: string;
  readonly rule: string;
  readonly by: string;
}

/** Rows of the tables under a heading, as cells. */
function rows(text: string, heading: string): string[][] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter(line => line.startsWith('| '));
  return lines.slice(1).map(line => line.slice(2, -2).split(' | '));
}

/** Files and tests that the tables of rules and failures name and that do not exist, and rows without a test. */
function missing(files: readonly SourceFile[]): string[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const document = texts.get(DOCUMENT) ?? '';
  const found: string[] = [];
  for (const [rule, ...cells] of [...rows(document, 'Rules'), ...rows(document, 'Failures others had')]) {
    for (const [, file] of cells.join(' ').matchAll(/`([\w/-]+(?:\.test)?\.ts)`/g))
      if (!texts.has(placeOf(file!))) found.push(`${rule}: there is no ${file}`);
    const tests = testsIn(cells.at(-1)!);
    if (tests.length === 0) found.push(`${rule}: has no test`);
    for (const { file, name } of tests)
      if (!texts.get(placeOf(file))?.match(quoted(name))) found.push(`${rule}: ${file} has no “${name}”`);
  }
  return found;
}

/** A file as the tables name it: with its folder if that is not `consensus`. */
function placeOf(file: string): string {
  return (file.includes('/') ? NODE : CONSENSUS) + file;
}

/** The tests that a cell names. */
function testsIn(cell: string): { readonly file: string; readonly name: string }[] {
  return [...cell.matchAll(/`([\w/-]+\.test\.ts)`((?: “[^”]+”)+)/g)].flatMap(([, file, names]) =>
    [...names!.matchAll(/“([^”]+)”/g)].map(([, name]) => ({ file: file!, name: name! })),
  );
}

/** Tests against failures whose guard nothing removes, and removals seen by tests that the table does not name. */
function unproven(removals: readonly Removal[], document: string): string[] {
  const listed = rows(document, 'Failures others had').flatMap(([failure, tests]) =>
    testsIn(tests!).map(({ file, name }) => `${failure}: ${placeOf(file)} “${name}”`),
  );
  const proven = removals.map(({ failure, test }) => `${failure}: ${NODE}${test.file} “${test.name}”`);
  return [
    ...listed.filter(test => !proven.includes(test)).map(test => `not proven: ${test}`),
    ...proven.filter(test => !listed.includes(test)).map(test => `not listed: ${test}`),
  ];
}

/** A test's name as it stands in the source: the title of a test, or of one case in a table of them. */
function quoted(name: string): RegExp {
  const literal = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:it\\(|it\\.each[^;]*?|\\[)\\s*(['"])${literal}\\1`);
}

/** What differs between the mutants and their table. */
function differences(mutants: readonly Listed[], document: string): string[] {
  const listed = rows(document, 'Mutants').map(cells => cells.join(' | '));
  const wanted = mutants.map(({ name, rule, by }) => `\`${name}\` | ${rule} | ${by}`);
  return [
    ...wanted.filter(row => !listed.includes(row)).map(row => `not listed: ${row}`),
    ...listed.filter(row => !wanted.includes(row)).map(row => `no such mutant: ${row}`),
  ];
}

/** Rules that no mutant breaks, and that are not among those that save work and no more, in italics there. */
function unbroken(rules: readonly string[], document: string): string[] {
  const idle = document.split('\n### Rules that save work and no more\n')[1]?.split('\n## ')[0] ?? '';
  return rows(document, 'Rules').flatMap(([rule]) =>
    rules.includes(rule!) || idle.includes(`*${rule}*`) ? [] : [rule!],
  );
}

describe('the protocol document', () => {
  const files = sourceTree();
  const document = files.find(({ path }) => path === DOCUMENT)!.text;

  it('names only files and tests that exist, and a test for every rule and every failure', () => {
    expect(rows(document, 'Rules').length).toBeGreaterThan(25);
    expect(rows(document, 'Failures others had').length).toBeGreaterThan(24);
    expect(missing(files)).toEqual([]);
  });

  it('names for every failure exactly the tests that are seen to fail without its guard', () => {
    expect(REMOVALS.length).toBeGreaterThan(50);
    expect(unproven(REMOVALS, document)).toEqual([]);
  });

  it('lists exactly the mutants there are, with their rules and checkers', () => {
    expect(MUTANTS.length).toBeGreaterThan(5);
    expect(differences(MUTANTS, document)).toEqual([]);
  });

  it("calls every mutant's rule as a row of the table of rules does", () => {
    const rules = rows(document, 'Rules').map(([rule]) => rule);
    expect(MUTANTS.map(({ rule }) => rule).filter(rule => !rules.includes(rule))).toEqual([]);
  });

  it('has a mutant for every rule, but for those that save work and no more', () => {
    const rules = MUTANTS.map(({ rule }) => rule);
    expect(unbroken(rules, document)).toEqual([]);
  });

  it('lists every log record and every message', () => {
    const source = (name: string) => files.find(({ path }) => path === `${CONSENSUS}${name}`)!.text;
    const types = (text: string, from: string) =>
      [
        ...text
          .split(`export type ${from} =`)[1]!
          .split('\n\n')[0]!
          .matchAll(/readonly type: '([\w-]+)'/g),
      ].map(([, type]) => `\`${type}\``);
    const first = (heading: string) => rows(document, heading).map(([cell]) => cell);
    expect(first('Messages')).toEqual(types(source('messages.ts'), 'Message'));
    const records = types(source('output.ts'), 'WalRecord');
    expect(records).toHaveLength(8);
    expect(first('Log').filter(cell => records.includes(cell!))).toEqual(expect.arrayContaining(records));
  });

  const table = (row: string) =>
    `\n## Rules\n\n| rule | source | file | tests |\n|---|---|---|---|\n${row}\n`;
  it.each<[string, string, string]>([
    [
      'file that does not exist',
      '| a rule | design | `gone.ts` | `a.test.ts` “a name” |',
      'there is no gone.ts',
    ],
    [
      'test that does not exist',
      '| a rule | design | `a.ts` | `a.test.ts` “another name” |',
      'has no “another name”',
    ],
    [
      'second test that does not exist',
      '| a rule | x | `a.ts` | `a.test.ts` “a name” “none” |',
      'has no “none”',
    ],
    ['rule without a test', '| a rule | design | `a.ts` | later |', 'has no test'],
  ])('a planted %s is reported', (_, row, reason) => {
    const found = missing(
      plant({
        [DOCUMENT]: table(row),
        [`${CONSENSUS}a.ts`]: '',
        [`${CONSENSUS}a.test.ts`]: "it('a name', () => {});",
      }),
    );
    expect(found).toEqual([`a rule: ${reason.startsWith('has no “') ? `a.test.ts ${reason}` : reason}`]);
  });

  it('a planted failure whose guard nothing removes, and a removal without a row, are reported', () => {
    const row =
      '\n## Failures others had\n\n| failure | tests |\n|---|---|\n| old | `a.test.ts` “a name” |\n';
    const removal = { failure: 'new', file: 'a.ts', line: 'a', broken: 'b' };
    expect(unproven([{ ...removal, test: { file: 'engine/b.test.ts', name: 'b name' } }], row)).toEqual([
      `not proven: old: ${CONSENSUS}a.test.ts “a name”`,
      `not listed: new: ${NODE}engine/b.test.ts “b name”`,
    ]);
  });

  it('a planted mutant without a row, and a row without a mutant, are reported', () => {
    const row = '\n## Mutants\n\n| mutant | rule | killed by |\n|---|---|---|\n| `old` | r | chain |\n';
    expect(differences([{ name: 'new', rule: 'r', by: 'chain' }], row)).toEqual([
      'not listed: `new` | r | chain',
      'no such mutant: `old` | r | chain',
    ]);
  });

  it('a planted rule that no mutant breaks is reported, unless it only saves work', () => {
    const planted = table(
      ['broken', 'forgotten', 'idle'].map(rule => `| ${rule} | x | a.ts | t |`).join('\n'),
    );
    const idle = '\n### Rules that save work and no more\n\n- *idle* As nobody minds.\n';
    expect(unbroken(['broken'], planted + idle)).toEqual(['forgotten']);
  });
});
