import { describe, expect, it } from 'vitest';
import { Normal } from './normal.ts';
import { play, type Stage } from './play.ts';
import type { Step } from './system.ts';
import { wordsOf } from './words.ts';
import type { Ended } from './world.ts';

/** A stage on which every command of `qifeng` ends as told, and which remembers what was typed. */
function stage(ended: Ended, typed: string[] = []): Stage {
  const never = () => {
    throw new Error('not asked for here');
  };
  return {
    network: { home: '/home', nodes: [{ member: '110000', pid: null, url: 'http://127.0.0.1:1', home: '' }] },
    folder: () => '/folder',
    qifeng: async args => {
      typed.push(args.join(' '));
      return ended;
    },
    qifengLeft: async args => {
      typed.push(`${args.join(' ')} &`);
      return { code: 0, out: '' };
    },
    qifengNode: never,
    leave: never,
    wait: async () => ended,
    interrupt: never,
    get: async () => ended,
  };
}

const recorded: Ended = { code: 0, out: 'ok  index 41  height 7  /folder/a.tlog-proof\n' };
const run = (steps: readonly Step[], ended = recorded, typed: string[] = []) =>
  play({ name: 'x', title: { zh: 'x', en: 'x' }, profiles: [], steps }, stage(ended, typed));
const step = (more: Partial<Step> = {}): Step => ({
  say: 'It is done.',
  run: 'qifeng act "a b" {first}',
  ...more,
});

describe('a script', () => {
  it('is typed with what earlier steps found, and written down without what varies', async () => {
    const typed: string[] = [];
    const { transcript, problems } = await run([step({ as: ['first'] }), step()], recorded, typed);
    expect(problems).toEqual([]);
    expect(typed).toEqual(['act a b {first}', 'act a b 41']);
    expect(transcript).toBe(
      '# It is done.\n$ qifeng act "a b" {first}\nok  index 0  height <height>  ./a.tlog-proof\n\n' +
        '# It is done.\n$ qifeng act "a b" 41\nok  index 0  height <height>  ./a.tlog-proof\n',
    );
  });

  it('keeps what a pattern finds in a variable, by which the page types it', async () => {
    const typed: string[] = [];
    const steps = [step({ finds: { at: 'height ([0-9]+)' } }), step({ run: 'qifeng act {at}' })];
    const { transcript, problems } = await run(steps, recorded, typed);
    expect([problems, typed[1]]).toEqual([[], 'act 7']);
    const lines = transcript.split('\n').filter(line => line.startsWith('$ '));
    expect(lines[0]).toMatch(/ \| tee answer$/);
    expect(lines.slice(1)).toEqual([
      "$ AT=$(sed -nE 's/.*height ([0-9]+).*/\\1/p' answer | head -n 1)",
      '$ qifeng act $AT',
    ]);
  });

  it('leaves a command running, and has its output when it waits for it', async () => {
    const typed: string[] = [];
    const steps = [step({ stays: true, run: 'qifeng watch' }), step({ run: 'wait', shows: ['index 41'] })];
    const { transcript, problems } = await run(steps, recorded, typed);
    expect([problems, typed]).toEqual([[], ['watch &']]);
    expect(transcript).toBe(
      '# It is done.\n$ qifeng watch &\n\n# It is done.\n$ wait\nok  index 0  height <height>  ./a.tlog-proof\n',
    );
  });

  it.each<[string, Partial<Step>, Ended, string]>([
    ['another exit code', { ends: 4 }, recorded, 'ended with 0, not 4'],
    ['a refusal', {}, { code: 4, out: 'refused' }, 'ended with 4, not 0'],
    ['a missing text', { shows: ['index', 'height 8'] }, recorded, 'does not show height 8'],
    ['a text that was to be hidden', { hides: ['index 41'] }, recorded, 'shows index 41'],
    ['a record too few', { as: ['a', 'b'] }, recorded, 'names less than it should'],
    ['a pattern that finds nothing', { finds: { a: 'size (\\d+)' } }, recorded, 'names less than it should'],
    ['a status', { run: 'GET /x' }, { code: 404, out: '' }, 'ended with 404, not 200'],
  ])('says what went otherwise: %s', async (_, more, ended, problem) => {
    const { problems } = await run([step(more)], ended);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`x, step 1: ${problem}\n`);
  });

  it('prints the members of an answer that it names, and fails where there is none', async () => {
    const answer = { code: 0, out: '{"a":{"b":["x"]}}' };
    expect((await run([step({ pick: ['a.b[0]', 'a'] })], answer)).transcript).toBe(
      '# It is done.\n$ qifeng act "a b" {first} | jq -c \'.a.b[0], .a\'\n"x"\n{"b":["x"]}\n',
    );
    for (const out of ['{"a":{"b":["x"]}}', 'no JSON'])
      expect((await run([step({ pick: ['a.c'] })], { code: 0, out })).problems).toHaveLength(1);
  });
});

it.each([
  ['recorded 2026-11-02T10:11:12.345+08:00', 'recorded <time>'],
  ['block 12, final', 'block <height>, final'],
  ['from 2026-11-02 to 2027-01-01', 'from 2026-11-02 to 2027-01-01'],
  [`sha256:${'0a'.repeat(32)}`, 'sha256:<hash>'],
  ['cosigned by   A 1, B 2 (3 of 4 provinces)', 'cosigned by   <members> (3 of 4 provinces)'],
  ['index 9, record 9, index 8, #9, x@8', 'index 0, record 0, index 1, #0, x@1'],
  ['from index 7 to 9', 'from index 0 to 1'],
  ['upper ledger  x, log index 9', 'upper ledger  x, log index <index>'],
])('%j is written down as %j', (output, text) => expect(new Normal([]).text(output)).toBe(text));

it('words of a command are split at blanks outside of quotes', () =>
  expect(wordsOf('a --b="c d" "" e')).toEqual(['a', '--b=c d', '', 'e']));
