import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Chain, encode, leafCodec, receiptVerifier } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { Pty } from '../cli/pty.ts';
import type { Network } from '../end-to-end/network.ts';
import { CATALOGUE, definitionOf, REGISTERED } from '../fixtures/catalogue.ts';
import { blockBytes, recordBytes } from './cost.ts';
import { chainOf, judgeHomes, level, whereIs } from './ledger.ts';
import { bytesIn, metricIn } from './processes.ts';
import { type Roster, rosterOf } from './scale/enterprises.ts';
import { ask } from './scale/questions.ts';
import { type Kept, type Recording, record } from './scale/recording.ts';
import { type Trial, timed } from './trial.ts';
import { storeFlaws } from './verdicts.ts';

const QIFENG = fileURLToPath(new URL('../../packages/client/bin/qifeng.js', import.meta.url));
const NODES = [0, 1, 2, 3];
/** Answers take milliseconds, and a person does not notice waiting for the slow ones: of 100 a page asks one or two. */
const HALF_MS = 50;
const SLOW_MS = 250;
/** An outsider who asks for a whole ledger waits for it. */
const AUDIT_MINUTES = 10;
/** Lines about the records under way. */
const TOLD = 10;

/** Enterprises by the ten thousand in all profiles: enrolled, recording, asked about, audited. */
export async function scale(
  trial: Trial,
  network: Network,
  publishers: number,
  records: number,
): Promise<void> {
  network.up(4);
  const chain = chainOf(network);
  await register(trial, network);
  const roster = rosterOf(
    publishers,
    network.nodes.map(({ member }) => member),
    CATALOGUE,
  );
  await enrol(trial, network, roster);
  const recording = await recordAll(trial, network, chain, roster, records);
  await query(trial, network, recording, roster);
  await audit(trial, network);
  await judgeHomes(trial, network, [0]);
}

/** Registers profiles beside those of the genesis, with the approvals of three members. */
async function register(trial: Trial, network: Network): Promise<void> {
  const carrier = readFileSync(join(network.home, 'default-key'), 'utf8').trim().replace('.pem', '');
  const from = ['--genesis', 'genesis.cbor', '--node', network.nodes[0]!.url];
  for (const name of REGISTERED) {
    const [definition, proposal] = [`${name}.json`, `${name}.proposal`];
    writeFileSync(join(network.home, definition), JSON.stringify(definitionOf(name)));
    const what = ['--profile', definition, '--carrier', carrier, '--out', proposal];
    network.must('qifeng-node', 'members', 'propose', ...what, ...from);
    for (const { home } of network.nodes.slice(0, 3))
      network.must('qifeng-node', 'members', 'approve', proposal, '--home', home);
    const key = ['--key', join('keys', `${carrier}.pem`)];
    network.must('qifeng-node', 'members', 'submit', proposal, ...key, ...from);
  }
  trial.say(
    `${REGISTERED.length} profiles registered beside those of the genesis, ${CATALOGUE.length} in all`,
  );
}

interface Imported {
  readonly enrolled: number;
  readonly already: number;
  readonly refused: number;
  readonly pending: number;
  readonly left: readonly { readonly line: number; readonly code: string }[];
}

/** Imports the roster, and then once more. */
async function enrol(trial: Trial, network: Network, { csv, enterprises, wrong }: Roster): Promise<void> {
  writeFileSync(join(network.home, 'roster.csv'), csv);
  const before = stored(network);
  const run = async () => {
    const { value, ms } = await timed(() =>
      network.whileRunning('qifeng', '--json', 'publishers', 'import', 'roster.csv', '--wait', '10m'),
    );
    if (!value.out.startsWith('{')) throw new Error(`${value.code} ${value.out} ${value.err}`);
    return { ms, ...(JSON.parse(value.out) as Imported) };
  };
  const first = await run();
  const count = enterprises.length;
  await level(network, NODES);
  trial.say(
    `${count} publishers in ${seconds(first.ms)}, ${((1000 * count) / first.ms).toFixed(0)} a second, ` +
      `${Math.round((stored(network) - before) / count)} bytes of the first store each`,
  );
  trial.holds(
    `${count} enterprises are enrolled`,
    first.enrolled === count && first.pending === 0,
    JSON.stringify({ ...first, left: first.left.slice(0, 5) }),
  );
  const found = new Map(first.left.map(({ line, code }) => [line, code]));
  const missed = [...wrong].filter(([line, code]) => found.get(line) !== code);
  trial.verdict(
    `${wrong.size} lines that are wrong are named, each with its code, and no other`,
    [...missed.map(([line, code]) => `line ${line}: ${code}, found ${found.get(line)}`)].concat(
      found.size === wrong.size ? [] : [`${found.size} lines were refused`],
    ),
  );
  const again = await run();
  trial.holds(
    `the same roster again changes nothing, in ${seconds(again.ms)}`,
    again.enrolled === 0 && again.already === count && again.refused === wrong.size,
    JSON.stringify({ ...again, left: [] }),
  );
}

/** Records in all profiles, and what they take on disk. */
async function recordAll(
  trial: Trial,
  network: Network,
  chain: Chain,
  { enterprises }: Roster,
  count: number,
): Promise<Recording> {
  const before = await Promise.all(NODES.map(node => sample(network, node)));
  let told = 0;
  const urls = network.nodes.map(({ url }) => url);
  const { value: recording, ms } = await timed(() =>
    record(chain, urls, enterprises, count, done => {
      if (done < ((told + 1) * count) / TOLD) return;
      told = Math.floor((done * TOLD) / count);
      trial.say(`${done} records`);
    }),
  );
  const { records, submissions, kept, problems } = recording;
  await level(network, NODES);
  const used = new Set(records.map(({ entry }) => entry.profile));
  trial.say(
    `${records.length} records of ${submissions} submissions in ${seconds(ms)}, ${((1000 * records.length) / ms).toFixed(0)} a second`,
  );
  trial.verdict(`${records.length} records of ${used.size} profiles are final`, [
    ...problems,
    ...(used.size === CATALOGUE.length
      ? []
      : [`of ${CATALOGUE.length} profiles only ${[...used].join(' ')}`]),
    ...(records.length >= count ? [] : [`${records.length} of ${count}`]),
  ]);
  const after = await Promise.all(NODES.map(node => sample(network, node)));
  const cost = costOf(trial, chain, recording, kept, after[0]!.blocks - before[0]!.blocks);
  for (const node of NODES) {
    const [first, last] = [before[node]!, after[node]!];
    const each = (last.db - first.db) / records.length;
    trial.verdict(
      `node ${node + 1}: ${each.toFixed(0)} bytes of store a record, in ${last.blocks - first.blocks} blocks`,
      storeFlaws([first, last], cost),
    );
  }
  const sizes = await Promise.all(NODES.map(async node => (await whereIs(network, node)).size));
  trial.holds('four nodes have one log', new Set(sizes).size === 1, sizes.join(', '));
  return recording;
}

/** Bytes that a record and a block cost, from receipts that were kept, which must verify with the genesis alone. */
function costOf(
  trial: Trial,
  chain: Chain,
  { records, submissions }: Recording,
  kept: readonly Kept[],
  blocks: number,
): { readonly record: number; readonly block: number } {
  const verify = receiptVerifier({ chain, suite: nativeSuite });
  const flaws: string[] = [];
  let [bytes, count] = [0, 0];
  for (const { wire, proofs } of kept)
    for (const proof of proofs) {
      const verified = verify(new TextEncoder().encode(proof), null);
      if (!verified.ok) flaws.push(`${verified.fault.code}: ${verified.fault.detail}`);
      else {
        const { leaf } = verified.value;
        const { profile, subject } = leaf.entry.value;
        const name = [profile, subject.issuer, subject.id].join(' ').length;
        bytes += recordBytes(wire / proofs.length, encode(leafCodec, leaf).length, name);
        count++;
      }
    }
  trial.verdict(`${count} receipts verify with the genesis alone`, flaws);
  const cost = { record: bytes / count, block: blockBytes(NODES.length, NODES.length, submissions / blocks) };
  const each = cost.record + (cost.block * blocks) / records.length;
  trial.say(`computed: ${each.toFixed(0)} bytes a record, ${cost.record.toFixed(0)} without its block`);
  return cost;
}

async function query(
  trial: Trial,
  network: Network,
  { records }: Recording,
  { enterprises }: Roster,
): Promise<void> {
  const figures = await ask(network.nodes[0]!, records, enterprises);
  for (const { what, p50, p99, cpu } of figures)
    trial.say(`${what.padEnd(32)} p50 ${ms(p50)}   p99 ${ms(p99)}   CPU of the node ${ms(cpu)}`);
  trial.verdict(
    `${figures.length} kinds of query are answered rightly`,
    figures.flatMap(({ what, wrong }) => wrong.map(one => `${what}: ${one}`)),
  );
  trial.verdict(
    `half of the answers to each come within ${HALF_MS} ms, 99 of 100 within ${SLOW_MS} ms`,
    figures
      .filter(({ p50, p99 }) => p50 > HALF_MS || p99 > SLOW_MS)
      .map(({ what, p50, p99 }) => `${what}: ${p50.toFixed(0)} and ${p99.toFixed(0)} ms`),
  );
}

/** An outsider with the genesis alone reads all nodes, at a terminal. */
async function audit(trial: Trial, network: Network): Promise<void> {
  const line = `${process.execPath} ${QIFENG} audit --genesis genesis.cbor`;
  const terminal = new Pty(line, network.home, { QIFENG_HOME: network.home, NO_COLOR: '1' });
  const { value: code, ms } = await timed(() => terminal.ended);
  const shown = new Set([...terminal.text.matchAll(/ (\d+)%/g)].map(([, percent]) => percent));
  const { size } = await whereIs(network, 0);
  trial.holds(
    `${NODES.length} logs of ${size} records are audited in ${seconds(ms)}, with the genesis alone`,
    code === 0 && ms < AUDIT_MINUTES * 60_000,
    `${code} ${terminal.text.slice(-1000)}`,
  );
  trial.holds(`it shows its progress, ${shown.size} times`, shown.size >= 5, terminal.text.slice(0, 500));
}

async function sample(network: Network, node: number) {
  const metrics = await network.text(node, '/metrics');
  const { home } = network.nodes[node]!;
  return {
    at: 0,
    memory: 0,
    heap: 0,
    external: 0,
    descriptors: 0,
    wal: 0,
    db: bytesIn(join(home, 'db')),
    records: metricIn(metrics, 'qifeng_ledger_log_records'),
    blocks: metricIn(metrics, 'qifeng_ledger_final_blocks'),
  };
}

function stored(network: Network): number {
  return bytesIn(join(network.nodes[0]!.home, 'db'));
}

function ms(time: number): string {
  return `${time.toFixed(1).padStart(6)} ms`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
