// What `npm start` runs once everything is installed: verifies the committed receipt with the command line and prints
// what it says. `-- --once` ends after that, as it does without.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const unknown = process.argv.slice(2).find(arg => arg !== '--once');
if (unknown !== undefined) {
  console.error(
    `qifeng: npm start has no option ${unknown}\n  next: npm start, or npm start -- --once to end when all is verified`,
  );
  process.exit(2);
}

const fixture = 'tests/fixtures/first-light';
const args = ['verify', `${fixture}/notice.md`, '--genesis', `${fixture}/genesis.cbor`, '--offline'];
const done = spawnSync(process.execPath, [join(root, 'packages/client/bin/qifeng.js'), ...args], {
  cwd: root,
  stdio: 'inherit',
});
if (done.error) console.error(`qifeng: the command line could not start: ${done.error.message}`);
process.exitCode = done.status ?? 1;
