import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../house-rules/source-tree.ts';
import { chosenStages, runStages, STAGES, type Stage } from './stages.ts';

const script = (name: string, code: string): Stage => ({ name, command: [process.execPath, '-e', code] });
const GOOD = script('good', '');
const BAD = script('bad', 'process.exit(3)');
const KILLED = script('killed', "process.kill(process.pid, 'SIGKILL')");
const NONE: Stage = { name: 'none', command: [`${ROOT}no-such-program`] };

async function run(stages: readonly Stage[], stopped = new AbortController(), stopAt = '') {
  const said: string[] = [];
  const say = (line: string) => {
    said.push(line.replaceAll(/ *\d+\.\d min {2}/g, ''));
    if (stopAt !== '' && line.includes(stopAt)) setTimeout(() => stopped.abort(), 100);
  };
  const code = await runStages(stages, say, stopped.signal);
  return { code, said, last: said.slice(said.indexOf('') + 1) };
}

describe('the stages of the long test', () => {
  it('all run, one after another, whatever fails before them', async () => {
    const { code, said, last } = await run([BAD, GOOD, KILLED, NONE, GOOD]);
    expect(code).toBe(1);
    expect(last.map(line => line.replace(/spawn .*/, 'spawn'))).toEqual([
      'bad FAILED: exit 3',
      'good passed',
      'killed FAILED: exit SIGKILL',
      'none FAILED: spawn',
      'good passed',
      '2 passed, 3 failed',
    ]);
    expect(said[1]).toBe('bad FAILED: exit 3');
    expect(said[2]).toMatch(/^\[2\/5] good: /);
  });

  it('pass only if each of them does', async () => {
    expect(await run([GOOD, GOOD])).toMatchObject({
      code: 0,
      last: ['good passed', 'good passed', '2 passed, 0 failed'],
    });
  });

  it('end when they are stopped, and those that were not begun have not passed', async () => {
    const endless = script('endless', 'setInterval(() => {}, 1000)');
    const { code, last } = await run([endless, GOOD], new AbortController(), '[1/2]');
    expect([code, last]).toEqual([
      1,
      ['endless FAILED: stopped', 'good FAILED: not begun', '0 passed, 2 failed'],
    ]);
  });

  it('are chosen by name, in their own order; a name that none has is refused', () => {
    expect(chosenStages(STAGES, undefined)).toBe(STAGES);
    expect(chosenStages(STAGES, 'soak,membership').map(({ name }) => name)).toEqual(['membership', 'soak']);
    expect(() => chosenStages(STAGES, 'soak,sock')).toThrow('no stage sock; there are guards, ');
  });

  it('are scripts of the package, fuzz the last but the rounds of chaos', () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
      readonly scripts: object;
    };
    for (const { command } of STAGES) expect(Object.keys(scripts)).toContain(command[2]);
    expect(STAGES.slice(-2).map(({ name }) => name)).toEqual(['fuzz', 'chaos']);
    expect(new Set(STAGES.map(({ name }) => name)).size).toBe(STAGES.length);
  });
});
