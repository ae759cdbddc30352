#!/usr/bin/env node
// node tests/independent/check.mjs --receipt R --genesis G --policy P FILE
// node tests/independent/check.mjs --status-proof S --genesis G subject PROFILE ISSUER ID | publisher CODE | digest FILE
// Exit code 0 when everything holds, 1 when something does not, 2 for wrong usage or a missing file.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { check, checkStatus } from './checker.mjs';

const USAGE = `usage: node check.mjs --receipt R --genesis G --policy P FILE
       node check.mjs --status-proof S --genesis G subject PROFILE ISSUER ID | publisher CODE | digest FILE`;
/** What a status proof is about, and how many words name one. */
const NAMED = { subject: 3, publisher: 1, digest: 1 };

const read = path => new Uint8Array(readFileSync(path));

function optionsOf(args) {
  const files = {};
  const rest = [];
  for (let i = 0; i < args.length; i++) {
    const option = /^--(receipt|genesis|policy|status-proof)$/.exec(args[i]);
    if (option === null && args[i].startsWith('--')) throw new Error(USAGE);
    if (option === null) rest.push(args[i]);
    else if (option[1] in files || args[i + 1] === undefined) throw new Error(USAGE);
    else files[option[1]] = read(args[++i]);
  }
  return { files, rest };
}

function verdictOn({ files, rest }) {
  const given = Object.keys(files).sort().join(' ');
  if (given === 'genesis policy receipt' && rest.length === 1)
    return check({ ...files, file: read(rest[0]) });
  const [kind, ...parts] = rest;
  if (given !== 'genesis status-proof' || NAMED[kind] !== parts.length) throw new Error(USAGE);
  const digest = () => ['sha256', new Uint8Array(createHash('sha256').update(read(parts[0])).digest())];
  const name = kind === 'digest' ? [kind, ...digest()] : rest;
  const { steps, problems, value } = checkStatus({
    proof: files['status-proof'],
    genesis: files.genesis,
    name,
  });
  const found = value === null ? 'absent' : 'present';
  return { steps: problems.length === 0 ? [...steps, found] : steps, problems };
}

let verdict;
try {
  verdict = verdictOn(optionsOf(process.argv.slice(2)));
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
for (const step of verdict.steps) console.log(`ok    ${step}`);
for (const problem of verdict.problems) console.log(`FALSE ${problem}`);
process.exitCode = verdict.problems.length === 0 ? 0 : 1;
