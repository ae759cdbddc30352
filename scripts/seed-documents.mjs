// The seed documents, each with the publisher it belongs to and what its record says, as arguments of `qifeng stamp`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../seeds/documents', import.meta.url));
const NOT_FIELDS = new Set(['issuer', 'mark']);

/** `key: value` lines between the two `---` lines at the top of a seed document. */
function frontMatter(file) {
  const [, head] = readFileSync(file, 'utf8').split(/^---$/m);
  return new Map(
    head
      .trim()
      .split('\n')
      .map(line => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  );
}

/** All of them in order of name. */
export function seedDocuments() {
  const names = readdirSync(FOLDER).filter(name => name.endsWith('.md'));
  return names.sort().map(name => {
    const file = join(FOLDER, name);
    const fields = frontMatter(file);
    const meta = [...fields]
      .filter(([key]) => !NOT_FIELDS.has(key))
      .flatMap(([key, value]) => ['--meta', `${key}=${value}`]);
    return { name, file, issuer: fields.get('issuer'), meta };
  });
}
