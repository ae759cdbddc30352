import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readTranscript } from './pages.ts';
import { SYSTEMS } from './scripts/all.ts';

const TYPED = /^\$ (?:qifeng(?:-node)? |curl -s "|wait$|\^C$|[A-Z]+=\$\(sed )/;

describe('a page of docs/systems', () => {
  it.each(SYSTEMS)('$name says on what network it is typed, and every step of it can be', ({ name }) => {
    const page = readFileSync(
      fileURLToPath(new URL(`../../docs/systems/${name}.md`, import.meta.url)),
      'utf8',
    );
    expect(page).toContain(`says with \`SYSTEM=${name}\``);
    const typed = readTranscript(name)!
      .split('\n')
      .filter(line => line.startsWith('$ '));
    expect(typed.length).toBeGreaterThan(2);
    expect(typed.filter(line => !TYPED.test(line) || /<(?!port>)/.test(line))).toEqual([]);
  });
});
