import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  blockView,
  encode,
  executedPageView,
  genesisCodec,
  type Handover,
  parseCheckpoint,
  policyOfValidators,
  statusProofCodec,
  writeJson,
} from '@qifeng/core';
import { epochSet } from '@qifeng/core/execution';
import { nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PUBLISHER, testChain, testEntry, unwrap } from '../fixtures/builder.ts';
import { EpochLedger } from '../fixtures/epoch-ledger.ts';
import { epochsGenesis } from '../fixtures/epochs.ts';
import { Workplace } from './harness.ts';
import { tileAt } from './tiles.ts';

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

/** What a node serves other than its ledger says. */
interface Lie {
  /** The epoch whose policy it serves for every other. */
  readonly policy?: number;
  readonly handovers?: readonly Handover[];
}

/** The ledger as nodes serve it, at a height of its own. */
async function serve(ledger: EpochLedger, height = ledger.height, lie: Lie = {}): Promise<string> {
  const at = (h: number) => unwrap(parseCheckpoint(ledger.blocks[h - 1]!.text));
  const answer = (url: URL): Uint8Array | string | null => {
    const [, v1, kind, name] = url.pathname.split('/');
    const { epoch, size } = at(height);
    if (url.pathname === '/checkpoint') return ledger.note(height);
    if (v1 === 'policy') {
      const set = epochSet(ledger, lie.policy ?? Number(url.searchParams.get('epoch')))!;
      return policyOfValidators(ledger.chain.origin, set.validators, nativeSuite.hasher);
    }
    if (v1 === 'tile') return tileAt(url.pathname, ledger.leaves.slice(0, size));
    if (kind === 'subjects') {
      const nothing = { value: null, other: null, bitmap: new Uint8Array(), siblings: [], receipt: null };
      const handovers = epoch === 0 ? null : (lie.handovers ?? ledger.handovers.slice(0, epoch));
      const what = { kind: 'subject' as const, name: [PUBLISHER], ...nothing };
      return encode(statusProofCodec, { checkpoint: ledger.note(height), handovers, ...what });
    }
    if (kind === 'executed') {
      const submissions = ledger.blocks.map(({ submission }, i) => {
        const { id, headerBytes: header, signature } = submission;
        return { height: i + 1, id, recorded: { header, signature }, refused: null };
      });
      return writeJson(executedPageView, { submissions, next: null });
    }
    const checkpoint = at(Number(name));
    const { header } = ledger.blocks[Number(name) - 1]!;
    const first = Number(name) === 1 ? 0 : at(Number(name) - 1).size;
    const count = checkpoint.size - first;
    return writeJson(blockView, {
      hash: checkpoint.blockHash,
      header,
      checkpoint,
      certified: true,
      first,
      count,
    });
  };
  const server = createServer((request, response) => {
    const told = answer(new URL(request.url!, 'http://localhost'));
    response.writeHead(told === null ? 404 : 200).end(told);
  });
  servers.push(server);
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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
