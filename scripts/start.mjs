// `npm start`: a network of four provinces on loopback, the seed documents recorded by the publishers they belong to,
// every receipt verified, the URLs. Stays until Ctrl-C; with --once it ends when all is verified.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seedDocuments } from './seed-documents.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const once = process.argv.includes('--once');
const home = resolve(process.env.QIFENG_HOME ?? join(root, '.qifeng'));
const qifeng = join(root, 'packages/client/bin/qifeng.js');
const qifengNode = join(root, 'packages/node/bin/qifeng-node.js');
const env = { ...process.env, QIFENG_HOME: home };

function run(script, args) {
  const done = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return done.status ?? 130;
}

function ask(script, args) {
  const done = spawnSync(process.execPath, [script, ...args, '--json'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(done.stdout.toString() || 'null');
}

let stopping = false;
function stop(code) {
  if (stopping) return;
  stopping = true;
  run(qifengNode, ['cluster', 'down']);
  process.exit(code);
}
process.on('SIGINT', () => stop(once ? 130 : 0));
process.on('SIGTERM', () => stop(once ? 143 : 0));

const started = run(qifengNode, ['cluster', 'up', '-n', '4']);
if (started !== 0) stop(started);
const nodes = JSON.parse(readFileSync(join(home, 'cluster.json'), 'utf8'));
console.log(`\n${nodes[0].url}   public API of node 1\n`);

const receipts = join(home, 'receipts');
mkdirSync(receipts, { recursive: true });
const documents = seedDocuments();
let failed = 0;
for (const { file, issuer, meta } of documents) {
  const key = join(home, 'keys', `${issuer}.pem`);
  if (run(qifeng, ['stamp', file, '--key', key, '--receipts', receipts, ...meta]) !== 0) failed++;
}

const verdicts = ask(qifeng, [
  'verify',
  ...documents.map(({ file }) => file),
  ...['--receipts', receipts, '--offline'],
]);
const rows = documents.map(({ name }, i) => ({ name, verdict: verdicts?.[i] ?? { verified: false } }));
console.log('\n  #  index  height  verified  document');
for (const [i, { name, verdict }] of rows.entries()) {
  const { index, record, verified } = verdict;
  console.log(
    `${String(i + 1).padStart(3)}  ${String(index ?? '-').padStart(5)}  ${String(record?.height ?? '-').padStart(6)}  ${verified ? '✓' : '✗'}         ${name}`,
  );
}
const verified = rows.filter(({ verdict }) => verdict.verified).length;
console.log(
  `\n${verified} of ${rows.length} seed documents verified offline against ${join(home, 'genesis.cbor')}`,
);
for (const { member, url } of nodes) console.log(`${member}  ${url}`);
const good = failed === 0 && verified === rows.length;
if (once || !good) stop(good ? 0 : 1);
console.log('\nCtrl-C stops all four nodes.');
setInterval(() => {}, 1 << 30);
