#!/usr/bin/env node
// node tests/independent/check.mjs --receipt R --genesis G --policy P FILE
// Exit code 0 when everything holds, 1 when something does not, 2 for wrong usage or a missing file.

import { readFileSync } from 'node:fs';
import { check } from './checker.mjs';

const USAGE = 'usage: node check.mjs --receipt R --genesis G --policy P FILE';

function filesOf(args) {
  const files = {};
  for (let i = 0; i < args.length; i++) {
    const option = /^--(receipt|genesis|policy)$/.exec(args[i]);
    const name = option === null ? 'file' : option[1];
    if (option !== null) i++;
    if (args[i] === undefined || args[i].startsWith('--') || name in files) throw new Error(USAGE);
    files[name] = new Uint8Array(readFileSync(args[i]));
  }
  if (Object.keys(files).length !== 4) throw new Error(USAGE);
  return files;
}

let files;
try {
  files = filesOf(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
const { steps, problems } = check(files);
for (const step of steps) console.log(`ok    ${step}`);
for (const problem of problems) console.log(`FALSE ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
