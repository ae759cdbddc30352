import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIN } from './harness.ts';
import { Pty, screenOf } from './pty.ts';
import { Publisher } from './publisher.ts';

const NODE_BIN = fileURLToPath(new URL('../../packages/node/bin/qifeng-node.js', import.meta.url));
const QIFENG = `'${process.execPath}' '${BIN}'`;
const BAR = /[█░]/;
const COLOUR = '\u001b[3';
const CTRL_C = '\u0003';
const USCC = '91350100M000100Y43';

let us: Publisher;
beforeAll(async () => {
  us = await Publisher.make();
});
afterAll(() => us.remove());

const pty = (line: string, env: Record<string, string> = {}, columns?: number) =>
  new Pty(line, us.place.folder, env, columns);
const qifeng = (args: string, env?: Record<string, string>, columns?: number) =>
  pty(`${QIFENG} ${args}`, env, columns);
/** A command, how it ended, and whether the terminal is set as it was before. */
const watched = (line: string) =>
  `stty -a >before; ${line}; echo ended $?; stty -a >after; cmp -s before after && echo as it was || echo changed`;
/** Files that were not recorded yet. */
const fresh = (name: string) => {
  const names = [1, 2, 3].map(i => `${name}${i}.txt`);
  us.write(...names);
  return names.join(' ');
};

describe('the progress bar', () => {
  it('is drawn on a terminal, stays on one line, and leaves nothing behind', async () => {
    const terminal = qifeng(`stamp ${fresh('bar')}`, {}, 44);
    expect(await terminal.ended).toBe(0);
    expect(terminal.text).toMatch(/hashing [█░]+ \d+% {2}\d\/3/);
    expect(terminal.text).toMatch(/recording [█░]+ 33% {2}1\/3/);
    for (const [drawn] of terminal.text.matchAll(/(?:hashing|recording) [█░]+ \d+% {2}\d\/3/g))
      expect(drawn.length).toBeLessThan(44);
    const screen = terminal.screen();
    expect(screen).toHaveLength(4);
    expect(screen.slice(0, 3).every(line => /^ok {2}index \d/.test(line))).toBe(true);
    expect(screen[3]).toBe('3 of 3 recorded');
  });

  it('is not drawn where stderr is no terminal, with --json, or on a dumb terminal', async () => {
    const piped = qifeng(`stamp ${fresh('piped')} 2>/dev/null`);
    expect(await piped.ended).toBe(0);
    const json = qifeng(`stamp ${fresh('json')} --json`);
    expect(await json.ended).toBe(0);
    const dumb = qifeng(`stamp ${fresh('dumb')}`, { TERM: 'dumb' });
    expect(await dumb.ended).toBe(0);
    for (const { text } of [piped, json, dumb]) expect(text).not.toMatch(BAR);
    expect(piped.text).toContain(COLOUR);
    for (const { text } of [json, dumb]) expect(text).not.toContain('\u001b');
    expect(JSON.parse(json.text)).toMatchObject({ recorded: 3 });
  });

  it('is cleared at Ctrl-C before what is said about it', async () => {
    us.server.moods.push('mute');
    const terminal = qifeng(`stamp ${fresh('cut')} --lang zh`);
    await terminal.shows('存证 ░');
    while (us.server.moods.length > 0) await new Promise(done => setTimeout(done, 5));
    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(130);
    expect(terminal.screen().slice(-2)).toEqual([
      'qifeng: 已中断。',
      '  下一步  可随时重新运行：从中断处继续，不会重复存证。',
    ]);
    expect(terminal.screen().join()).not.toMatch(BAR);
  });
});

describe('colours', () => {
  it('are on a terminal, and nowhere with NO_COLOR', async () => {
    const args = 'verify notice.md --genesis genesis.cbor --offline';
    const [bright, plain] = [qifeng(args), qifeng(args, { NO_COLOR: '1' })];
    expect(await Promise.all([bright.ended, plain.ended])).toEqual([0, 0]);
    expect(bright.text).toContain(COLOUR);
    expect(plain.text).not.toContain('\u001b');
    expect(bright.screen()).toEqual(plain.screen());
  });
});

describe('the passphrase prompt', () => {
  it('shows nothing of what is typed, takes corrections, and asks twice', async () => {
    const terminal = qifeng(`keys new --publisher ${USCC}`);
    await terminal.shows('.pem: ');
    terminal.type('宽 secret错\u007f\r');
    await terminal.shows('The same again: ');
    terminal.type('宽 secret\r');
    expect(await terminal.ended).toBe(0);
    for (const typed of ['secret', '宽', '错']) expect(terminal.text).not.toContain(typed);
    const shown = await us.place.inProcess(['keys', 'show', USCC], { QIFENG_PASSPHRASE: '宽 secret' });
    expect(shown.exit).toBe(0);
  });

  it('ends with 130 at Ctrl-C, makes no key, and leaves the terminal as it was', async () => {
    const terminal = pty(watched(`${QIFENG} keys new --publisher 91350211M000100Y46`));
    await terminal.shows('.pem: ');
    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen().slice(-2)).toEqual(['ended 130', 'as it was']);
    expect(existsSync(us.place.path('.qifeng/keys/91350211M000100Y46.pem'))).toBe(false);
  });

  it('would be seen to echo, and to leave the terminal changed', async () => {
    const terminal = pty('echo ask; read answer');
    await terminal.shows('ask');
    terminal.type('secret\n');
    await terminal.ended;
    expect(terminal.text).toContain('secret');
    const left = pty(watched('stty -echo -icanon'));
    await left.ended;
    expect(left.screen().at(-1)).toBe('changed');
  });
});

describe("a node's keys on a terminal", () => {
  const node = (args: string) => pty(`'${process.execPath}' '${NODE_BIN}' ${args}`);
  const pem = (home: string, name: string) => readFileSync(us.place.path(`${home}/keys/${name}.pem`), 'utf8');

  it('are made under the passphrase that is typed, new ones too, and opened by it', async () => {
    const init = node('init --member 110000 --home locked');
    await init.shows('for the keys of locked: ');
    init.type('secret\r');
    await init.shows('The same again: ');
    init.type('secret\r');
    expect(await init.ended).toBe(0);
    const before = pem('locked', 'validator');
    const renewed = node('join --new-keys --home locked');
    await renewed.shows('.pem: ');
    renewed.type('secret\r');
    expect(await renewed.ended).toBe(0);
    expect(pem('locked', 'validator')).not.toBe(before);
    for (const name of ['validator', 'log', 'p2p'])
      expect(pem('locked', name)).toContain('ENCRYPTED PRIVATE KEY');
    expect(init.text + renewed.text).not.toContain('secret');
    const wrong = node('join --new-keys --home locked');
    await wrong.shows('.pem: ');
    wrong.type('Secret\r');
    expect(await wrong.ended).toBe(2);
    expect(wrong.text).toContain('its passphrase is another');
  });

  it('are not made when the two differ, when none is typed, or at Ctrl-C; plain without a question if told so', async () => {
    for (const [typed, exit] of [
      [['one\r', 'two\r'], 2],
      [['\r'], 2],
      [[CTRL_C], 130],
    ] as const) {
      const init = node('init --member 110000 --home none');
      await init.shows('for the keys of none: ');
      init.type(typed[0]);
      if (typed[1] !== undefined) {
        await init.shows('The same again: ');
        init.type(typed[1]);
      }
      expect(await init.ended).toBe(exit);
      expect(existsSync(us.place.path('none'))).toBe(false);
    }
    expect(await node('init --member 110000 --home plain --no-passphrase').ended).toBe(0);
    expect(pem('plain', 'validator')).toContain('BEGIN PRIVATE KEY');
  });
});

describe('the screen as these tests see it', () => {
  it.each([
    ['a bar that is not cleared', 'a\n\u001b[1G█ 50%\u001b[0Kb', ['a', '█ 50%b']],
    ['a bar that is', '\u001b7\u001b[1G█░\u001b[0K\u001b8\u001b[1G\u001b[2Kdone\r\n', ['done']],
    ['a shorter text over a longer one', 'long text\r\u001b[32mok\u001b[39m', ['okng text']],
  ])('%s', (_, text, lines) => expect(screenOf(text)).toEqual(lines));

  it('has no blind spot: what it does not know is an error', () => {
    expect(() => screenOf('\u001b[2Jx')).toThrow('drawn with');
  });
});
