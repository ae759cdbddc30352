import { writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { encode, genesisCodec } from '@qifeng/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testChain, testEntry } from '../fixtures/builder.ts';
import { EpochLedger } from '../fixtures/epoch-ledger.ts';
import { epochsGenesis } from '../fixtures/epochs.ts';
import { type Lie, serveEpochs } from './epoch-server.ts';
import { Workplace } from './harness.ts';

const genesis = epochsGenesis();
let place: Workplace;
const servers: Server[] = [];
beforeEach(() => {
  place = new Workplace();
  writeFileSync(place.path('genesis.cbor'), encode(genesisCodec, genesis));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  place.remove();
});

const publish = (ledger: EpochLedger, id: string) =>
  ledger.run([testEntry(id, new TextEncoder().encode(id))]);
/** A member joins: the epoch ends. */
const join = (ledger: EpochLedger, code: string) => {
  const entry = ledger.changeEntry([{ code, validator: ledger.newValidator(code) }]);
  expect(ledger.run([entry]).closes).toBe(true);
};

async function serve(...args: Parameters<typeof serveEpochs>): Promise<string> {
  const { server, url } = await serveEpochs(...args);
  servers.push(server);
  return url;
}

async function audited(...urls: readonly string[]) {
  const nodes = urls.flatMap(url => ['--node', url]);
  const { exit, stdout } = await place.inProcess(['audit', ...nodes, '--genesis', 'genesis.cbor', '--json']);
  return { exit, report: JSON.parse(stdout) };
}

/** A chain of two epochs, of which the second has five members. */
function grown(): EpochLedger {
  const ledger = new EpochLedger(testChain(genesis));
  publish(ledger, 'a');
  join(ledger, '150000');
  publish(ledger, 'b');
  return ledger;
}

it('an audit goes through the epochs, with nodes that are in different ones', async () => {
  const ledger = grown();
  join(ledger, '210000');
  publish(ledger, 'c');
  const urls = await Promise.all([1, 3, 5].map(height => serve(ledger, height)));
  const { exit, report } = await audited(...urls);
  expect(
    report.nodes.map((node: { findings: unknown; error: unknown }) => [node.findings, node.error]),
  ).toEqual(urls.map(() => [[], null]));
  const epochs = report.nodes.map((node: { checkpoint: { epoch: number } }) => node.checkpoint.epoch);
  expect([exit, epochs, report.conflicts]).toEqual([0, [0, 1, 2], []]);
});

it('a node that serves another policy, or no way to its epoch, is found', async () => {
  const ledger = grown();
  const [handover] = ledger.handovers;
  const other = new EpochLedger(testChain(genesis));
  publish(other, 'a');
  join(other, '210000');
  const lies: readonly Lie[] = [
    { policy: 0 },
    { handovers: [] },
    { handovers: [{ ...handover!, epoch: other.handovers[0]!.epoch }] },
    { handovers: other.handovers },
  ];
  const { exit, report } = await audited(...(await Promise.all(lies.map(lie => serve(ledger, 3, lie)))));
  const codes = report.nodes.map((node: { findings: { code: string }[] }) => node.findings[0]?.code);
  expect([exit, codes]).toEqual([1, ['policy-mismatch', 'wrong-epoch', 'bad-handover', 'policy-mismatch']]);
  // Four members are in the sets of both ways, so the last one does lead to the checkpoint: it excludes the first way, and the
  // checkpoint itself, whose log does not begin with the way's.
  expect(report.conflicts).toMatchObject([
    { kind: 'height', heights: [2, 2], atLeast: 2 },
    { kind: 'log', heights: [2, 3], atLeast: 0 },
  ]);
  for (const { culprits } of report.conflicts) expect(culprits).toHaveLength(3);
});

it.each([
  ['where their epochs ended, if these ended alike', 'height', 0, 2],
  ['where one epoch ended and went on elsewhere', 'epoch-end', 1, 2],
])('two histories are compared %s: %s', async (_, kind, more, atLeast) => {
  const ours = grown();
  const theirs = new EpochLedger(testChain(genesis));
  publish(theirs, 'x');
  for (let i = 0; i < more; i++) publish(theirs, `more ${i}`);
  join(theirs, '210000');
  publish(theirs, 'y');
  const { exit, report } = await audited(await serve(ours), await serve(theirs));
  expect([exit, report.conflicts.length]).toEqual([1, 1]);
  const [conflict] = report.conflicts;
  expect([conflict.kind, conflict.atLeast]).toEqual([kind, atLeast]);
  // The fixture lets the first three of the four sign everything.
  const codes = conflict.culprits.map(({ code }: { code: string }) => code);
  expect(codes).toEqual(['110000', '120000', '130000']);
});

it('a fork in a later epoch names members of that epoch', async () => {
  const [ours, theirs] = [grown(), grown()];
  publish(ours, 'c');
  publish(theirs, 'x');
  publish(theirs, 'y');
  const { exit, report } = await audited(await serve(ours), await serve(theirs));
  expect([exit, report.conflicts.length]).toEqual([1, 1]);
  expect(report.conflicts[0]).toMatchObject({ kind: 'log', heights: [4, 5], atLeast: 2 });
  // Four of the five sign, the newcomer is the last of them.
  expect(report.conflicts[0].culprits).toHaveLength(4);
});
