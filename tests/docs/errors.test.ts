import { describe, expect, it } from 'vitest';
import { plant } from '../house-rules/plant.ts';
import { views } from '../house-rules/rules/lexer.ts';
import { at, type SourceFile, TEST } from '../house-rules/rules/source.ts';
import { sourceTree } from '../house-rules/source-tree.ts';

const CORE = /^packages\/core\/src\/(?!execution\/|(?:.*\/)?testing\/)/;
const DOCUMENT = 'docs/ERRORS.md';
// Where a code is given: to `refuse`, to a decoder's fault, or to a helper that adds the line number.
const GIVEN =
  /(?<![\w$])(?:refuse|DecodeFault|#fail|bad|fault)\s*\(\s*(?=\S)(?:'([a-z0-9]+(?:-[a-z0-9]+)*)'|)/g;
// Beyond: what execution and the mempool refuse, and what storage, transport and the thread pool report. In the client:
// what an audit finds.
const NODE =
  /^packages\/(?:core\/src\/execution|client\/src\/audit|node\/src\/(?:mempool|storage|transport|verification|config))\/(?!(?:.*\/)?testing\/)/;
const GIVEN_IN_NODE =
  /(?:(?:\.close|(?<![\w$])(?:refuse|refusal|flaw|storageError|(?:Storage|Transport|VerificationPool|Key)Error|AuditFault|#misbehaved|#log))\s*\(\s*(?=\S)|(?<![\w$.])code(?:: | = )(?='))(?:'([a-z0-9]+(?:-[a-z0-9]+)*)'|)/g;
// The few places that pass on a code that was given elsewhere.
const PASSED_ON = /^(?:code(?:: \w+)?|(?:\w+\.)+code|damaged \? '[a-z-]+' : '[a-z-]+'),/;
// These take a code and nothing else first; the others may be other functions of the same name.
const WRITES_OUT =
  /^(?:refus|flaw|DecodeFault|storageError|StorageError|TransportError|VerificationPool|KeyError)/;
const ROW = /^\| `([a-z0-9-]+)` \|/gm;

interface Found {
  readonly codes: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** The codes that the sources give, each with the place of its first use. */
function codesGiven(files: readonly SourceFile[]): Found {
  const codes = new Map<string, string>();
  const problems: string[] = [];
  for (const file of files.filter(({ path }) => !TEST.test(path))) {
    const given = CORE.test(file.path) ? GIVEN : NODE.test(file.path) ? GIVEN_IN_NODE : null;
    if (given === null) continue;
    const { code: text, bare } = views(file.text);
    for (const match of text.matchAll(given)) {
      const [call, code] = match;
      // Inside a string the bare view has nothing.
      const word = /^\W?\w+/.exec(call)![0];
      if (bare.slice(match.index, match.index + word.length) !== word) continue;
      const place = at(file, match.index, '').trim();
      if (code !== undefined) codes.set(code, codes.get(code) ?? place);
      else if (WRITES_OUT.test(call) && !PASSED_ON.test(text.slice(match.index + call.length)))
        problems.push(`${place} gives a code that is not written out`);
    }
  }
  return { codes, problems };
}

/** What differs between the codes in the sources and the table of the document. */
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
  it('lists exactly the codes that core and the node give', () => {
    const files = sourceTree();
    const { codes } = codesGiven(files);
    expect(codes.size).toBeGreaterThan(120);
    const folders = ['core', 'node/src/mempool', 'node/src/storage', 'node/src/transport'];
    for (const folder of folders)
      expect([...codes.values()].some(place => place.startsWith(`packages/${folder}/`))).toBe(true);
    expect(differences(files)).toEqual([]);
  });

  it('has a meaning for each', () => {
    const document = sourceTree().find(({ path }) => path === DOCUMENT)!.text;
    for (const row of document.split('\n').filter(line => line.startsWith('| `')))
      expect(row).toMatch(/^\| `[a-z0-9-]+` \| .{10,} \|$/);
  });

  const PATH = 'packages/core/src/merkle/a.ts';
  const STATE = 'packages/core/src/execution/check-a.ts';
  const STORAGE = 'packages/node/src/storage/a.ts';
  const TRANSPORT = 'packages/node/src/transport/a.ts';
  const AUDIT = 'packages/client/src/audit/a.ts';
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
    [
      'refusal of a submission',
      { [STATE]: "return refusal('bad-x', null, '');" },
      `${STATE}:1 bad-x is not in`,
    ],
    ['refusal of an entry', { [STATE]: "return flaw(\n  'bad-x',\n  '',\n)" }, `${STATE}:1 bad-x is not in`],
    ['refusal as a value', { [STATE]: "return { code: 'bad-x', detail };" }, `${STATE}:1 bad-x is not in`],
    ['computed refusal', { [STATE]: 'return flaw(bad ? a : b);' }, `${STATE}:1 gives a code that is not`],
    ['storage error', { [STORAGE]: "throw new StorageError('bad-x', '');" }, `${STORAGE}:1 bad-x is not in`],
    ['wrapped storage error', { [STORAGE]: "storageError('bad-x', '', e)" }, `${STORAGE}:1 bad-x is not in`],
    ['transport error', { [TRANSPORT]: "new TransportError('bad-x', '')" }, `${TRANSPORT}:1 bad-x is not in`],
    ['finding', { [AUDIT]: "throw new AuditFault('bad-x', '');" }, `${AUDIT}:1 bad-x is not in`],
    ['transport event', { [TRANSPORT]: "link.close('bad-x', '');" }, `${TRANSPORT}:1 bad-x is not in`],
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
