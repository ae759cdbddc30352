import { describe, expect, it } from 'vitest';
import { plant } from '../house-rules/plant.ts';
import { views } from '../house-rules/rules/lexer.ts';
import { at, type SourceFile, TEST } from '../house-rules/rules/source.ts';
import { sourceTree } from '../house-rules/source-tree.ts';

const CORE = /^packages\/core\/src\/(?!(?:.*\/)?testing\/)/;
const DOCUMENT = 'docs/ERRORS.md';
// Where a code is given: to `refuse`, to a decoder's fault, or to a helper that adds the line number.
const GIVEN =
  /(?<![\w$])(?:refuse|DecodeFault|#fail|bad|fault)\s*\(\s*(?=\S)(?:'([a-z0-9]+(?:-[a-z0-9]+)*)'|)/g;
// The few places that pass on a code that was given elsewhere.
const PASSED_ON = /^(?:code(?:: string)?|fault\.code),/;
const ROW = /^\| `([a-z0-9-]+)` \|/gm;

interface Found {
  readonly codes: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** The fault codes that core's sources give, each with the place of its first use. */
function codesGiven(files: readonly SourceFile[]): Found {
  const codes = new Map<string, string>();
  const problems: string[] = [];
  for (const file of files.filter(({ path }) => CORE.test(path) && !TEST.test(path))) {
    const { code: text, bare } = views(file.text);
    for (const match of text.matchAll(GIVEN)) {
      const [call, code] = match;
      if (!/\w\s*\($/.test(bare.slice(0, match.index + call.indexOf('(') + 1))) continue;
      const place = at(file, match.index, '').trim();
      if (code !== undefined) codes.set(code, codes.get(code) ?? place);
      else if (/^(?:refuse|DecodeFault)/.test(call) && !PASSED_ON.test(text.slice(match.index + call.length)))
        problems.push(`${place} gives a code that is not written out`);
    }
  }
  return { codes, problems };
}

/** What differs between the codes in core's sources and the table of the document. */
function differences(files: readonly SourceFile[]): string[] {
  const { codes, problems } = codesGiven(files);
  const document = files.find(({ path }) => path === DOCUMENT)?.text ?? '';
  const listed = [...document.matchAll(ROW)].map(([, code]) => code!);
  return [
    ...problems,
    ...[...codes]
      .filter(([code]) => !listed.includes(code))
      .map(([code, place]) => `${place} ${code} is not in ${DOCUMENT}`),
    ...listed.filter(code => !codes.has(code)).map(code => `${DOCUMENT} lists ${code}, which nothing gives`),
    ...listed.filter((code, i) => listed.indexOf(code) !== i).map(code => `${DOCUMENT} lists ${code} twice`),
  ];
}

describe('the table of fault codes', () => {
  it('lists exactly the codes that core gives', () => {
    const files = sourceTree();
    expect(codesGiven(files).codes.size).toBeGreaterThan(60);
    expect(differences(files)).toEqual([]);
  });

  it('has a meaning for each', () => {
    const document = sourceTree().find(({ path }) => path === DOCUMENT)!.text;
    for (const row of document.split('\n').filter(line => line.startsWith('| `')))
      expect(row).toMatch(/^\| `[a-z0-9-]+` \| .{10,} \|$/);
  });

  const PATH = 'packages/core/src/merkle/a.ts';
  const table = (...codes: string[]) => codes.map(code => `| \`${code}\` | what it means |\n`).join('');
  it.each<[string, Record<string, string>, string]>([
    ['a code that is not listed', { [PATH]: "\nreturn refuse('bad-x', 'y');" }, `${PATH}:2 bad-x is not in`],
    ['one of a decoder', { [PATH]: "throw new DecodeFault('bad-x', 'y');" }, `${PATH}:1 bad-x is not in`],
    ['one over two lines', { [PATH]: "refuse(\n  'bad-x',\n  `y`)" }, `${PATH}:1 bad-x is not in`],
    ['one of a helper', { [PATH]: "this.#fail('bad-x', 'y');" }, `${PATH}:1 bad-x is not in`],
    ['a code that nothing gives', { [DOCUMENT]: table('bad-x') }, 'lists bad-x, which nothing gives'],
    ['a code twice', { [PATH]: "refuse('bad-x', '')", [DOCUMENT]: table('bad-x', 'bad-x') }, 'bad-x twice'],
    [
      'a computed code',
      { [PATH]: 'refuse(`bad-` + x, y)' },
      `${PATH}:1 gives a code that is not written out`,
    ],
  ])('a planted %s is reported', (_, files, reason) => {
    const found = differences(plant(files));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(reason);
  });

  it('looks past comments, strings, tests and codes passed on', () => {
    const files = {
      [PATH]:
        "// refuse('bad-a', '')\nconst a = \"refuse('bad-b', '')\"; refuse(fault.code, a); refuse(code, a);",
      'packages/core/src/merkle/a.test.ts': "refuse('bad-c', '')",
      'packages/node/src/http/a.ts': "refuse('bad-d', '')",
    };
    expect(differences(plant(files))).toEqual([]);
  });
});
