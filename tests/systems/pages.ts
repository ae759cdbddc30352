import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PAGES = fileURLToPath(new URL('../../docs/systems/', import.meta.url));
const BETWEEN = /(<!-- transcript[^>]*-->\n```text\n)[\s\S]*?(```\n<!-- \/transcript -->)/;

/** The transcript that the page of a system holds; null without one. */
export function readTranscript(system: string): string | null {
  const page = readFileSync(`${PAGES}${system}.md`, 'utf8');
  const found = /<!-- transcript[^>]*-->\n```text\n([\s\S]*?)```\n<!-- \/transcript -->/.exec(page);
  return found?.[1] ?? null;
}

/** Puts a transcript in the place of the page's present one. */
export function writeTranscript(system: string, transcript: string): void {
  const path = `${PAGES}${system}.md`;
  const page = readFileSync(path, 'utf8');
  if (!BETWEEN.test(page)) throw new Error(`${path} has no place for a transcript`);
  writeFileSync(
    path,
    page.replace(BETWEEN, (_, before: string, after: string) => before + transcript + after),
  );
}
