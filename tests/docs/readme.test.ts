import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plant } from '../house-rules/plant.ts';
import type { SourceFile } from '../house-rules/rules/source.ts';
import { ROOT } from '../house-rules/source-tree.ts';

const DOCUMENTS = [
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'docs/ARCHITECTURE.md',
  'docs/OPERATIONS.md',
  'docs/ERRORS.md',
];
const BINARIES: Record<string, string> = {
  qifeng: 'packages/client/bin/qifeng.js',
  'qifeng-node': 'packages/node/bin/qifeng-node.js',
};
const OPTION = /^\s+(?:(-\w), )?(--[\w-]+)(?: |$)|^\s+(-\w) </;

/** What a command's `--help` says, by the words of the command: `qifeng-node cluster up`. */
type Help = (words: readonly string[]) => string;

const asked = new Map<string, string>();
/** The help of the real command line, as it was compiled. */
const realHelp: Help = words => {
  const [binary, ...rest] = words;
  const key = words.join(' ');
  const known = asked.get(key);
  if (known !== undefined) return known;
  const env = { ...process.env, LC_ALL: 'C', NO_COLOR: '1' };
  const text = execFileSync(process.execPath, [join(ROOT, BINARIES[binary!]!), ...rest, '--help'], { env });
  asked.set(key, text.toString());
  return text.toString();
};

/** Commands that begin with `npm` or `npx qifeng` in the code blocks of a text. */
function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```[a-z]*\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);
  return blocks
    .flatMap(block => block.split('\n'))
    .map(line => line.replace(/^\$ /, ''))
    .filter(line => /^(?:npm|npx qifeng)/.test(line));
}

/** Names of the subcommands that a help text lists. */
function subcommands(help: string): string[] {
  const list = help.split(/^Commands:\n/m)[1]?.split(/\n\n/)[0] ?? '';
  return [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name!);
}

/** Options, long and short, that a help text lists. */
function options(help: string): string[] {
  return help.split('\n').flatMap(line => (OPTION.exec(line) ?? []).slice(1).filter(name => name));
}

/** Why a command of the documents could not be run, or null. */
function commandFlaw(command: string, scripts: readonly string[], help: Help): string | null {
  const [first, ...words] = command.split(/\s+/);
  if (first === 'npm') {
    const script = words[0] === 'run' ? words[1] : words[0];
    return scripts.includes(script!) ? null : `there is no script ${script}`;
  }
  const [binary, ...rest] = words;
  if (BINARIES[binary!] === undefined) return `there is no command ${binary}`;
  const path = [binary!];
  let text = help(path);
  while (rest.length > 0 && !rest[0]!.startsWith('-')) {
    const names = subcommands(text);
    if (names.length === 0) break;
    if (!names.includes(rest[0]!)) return `${path.join(' ')} has no command ${rest[0]}`;
    path.push(rest.shift()!);
    text = help(path);
  }
  const unknown = rest.find(
    word => word.startsWith('-') && word !== '--help' && !options(text).includes(word),
  );
  return unknown === undefined ? null : `${path.join(' ')} has no option ${unknown}`;
}

/** Commands in the documents that do not exist. */
function commandFlaws(files: readonly SourceFile[], scripts: readonly string[], help: Help): string[] {
  return files.flatMap(({ path, text }) =>
    commandsIn(text).flatMap(command => {
      const flaw = commandFlaw(command, scripts, help);
      return flaw === null ? [] : [`${path}: ${command}: ${flaw}`];
    }),
  );
}

/** The name under which a heading is linked to. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Relative links of the documents to files or headings that do not exist. */
function deadLinks(files: readonly SourceFile[], read: (path: string) => string | null): string[] {
  const dead: string[] = [];
  for (const { path, text } of files) {
    for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link!)) continue;
      const [file, heading] = link!.split('#') as [string, string?];
      const target = file === '' ? text : read(join(dirname(path), file));
      if (target === null) dead.push(`${path}: there is no ${link}`);
      else if (heading !== undefined) {
        const anchors = [...target.matchAll(/^#+ (.+)$/gm)].map(([, title]) => anchor(title!));
        if (!anchors.includes(heading)) dead.push(`${path}: ${file} has no heading ${heading}`);
      }
    }
  }
  return dead;
}

function readReal(path: string): string | null {
  const full = join(ROOT, path);
  if (!existsSync(full)) return null;
  return path.endsWith('.md') ? readFileSync(full, 'utf8') : '';
}

describe('the documents for people', () => {
  const files = DOCUMENTS.map(path => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  const scripts = Object.keys(manifest.scripts);

  it('name only commands and options that exist', () => {
    expect(files.flatMap(({ text }) => commandsIn(text)).length).toBeGreaterThan(25);
    expect(commandFlaws(files, scripts, realHelp)).toEqual([]);
  }, 240_000);

  it('have the same commands in both languages, but for --lang', () => {
    const [english, chinese] = ['README.md', 'README.zh-CN.md'].map(name =>
      commandsIn(files.find(({ path }) => path === name)!.text).map(line => line.replace(' --lang zh', '')),
    );
    expect(chinese).toEqual(english);
  });

  it('link only to what exists', () => {
    expect(deadLinks(files, readReal)).toEqual([]);
  });

  const HELP: Record<string, string> = {
    qifeng: 'Options:\n  --json  x\n\nCommands:\n  stamp [options]  x\n  keys  x\n\nExit codes:\n  0  x\n',
    'qifeng stamp': 'Options:\n  --dir <dir>  x\n  -n <count>   x\n  -h, --help   x\n',
    'qifeng keys': 'Commands:\n  new  x\n',
  };
  const help: Help = words => HELP[words.join(' ')] ?? '';
  it.each([
    ['npm stat', 'there is no script stat'],
    ['npm run bench', 'there is no script bench'],
    ['npx qifeng-nod up', 'there is no command qifeng-nod'],
    ['npx qifeng stmp a.pdf', 'qifeng has no command stmp'],
    ['npx qifeng keys burn', 'qifeng keys has no command burn'],
    ['npx qifeng stamp a.pdf --dri b', 'qifeng stamp has no option --dri'],
    ['npx qifeng stamp -m 3', 'qifeng stamp has no option -m'],
  ])('a planted %s is reported', (command, reason) => {
    const found = commandFlaws(
      plant({ 'README.md': `\`\`\`console\n$ ${command}\n\`\`\`\n` }),
      ['start'],
      help,
    );
    expect(found).toEqual([`README.md: ${command}: ${reason}`]);
  });

  it('passes over what exists, and over text outside code blocks', () => {
    const block = '```\nnpm start -- --once\nnpx qifeng stamp a.pdf --dir b -n 4\nnpx qifeng --json\n```\n';
    const text = `Try npx qifeng burn.\n\n${block}`;
    expect(commandFlaws(plant({ 'README.md': text }), ['start'], help)).toEqual([]);
  });

  it.each([
    ['link to a file', '[a](gone.md)', 'README.md: there is no gone.md'],
    ['link to a heading', '[a](there.md#gone)', 'README.md: there.md has no heading gone'],
  ])('a planted dead %s is reported', (_, text, reason) => {
    const read = (path: string) => (path === 'there.md' ? '# A title\n' : null);
    const good = '[b](there.md#a-title) [c](https://example.org)';
    expect(deadLinks(plant({ 'README.md': `${text} ${good}` }), read)).toEqual([reason]);
  });
});
