import { readFileSync, writeFileSync } from 'node:fs';
import {
  type Entry,
  encode,
  entriesRoot,
  genesisCodec,
  profileFromJson,
  signedBytes,
  signSubmission,
  submissionHeaderCodec,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { PUBLISHER, seed, testChain, testEntry, testGenesis, testKey, unwrap } from '../fixtures/builder.ts';
import { ExecutedLedger } from './executed-ledger.ts';
import { Workplace } from './harness.ts';
import type { Ledger, LedgerOutcome } from './ledger.ts';
import { LedgerServer } from './ledger-server.ts';

const policy = unwrap(
  profileFromJson(readFileSync(new URL('../../seeds/profiles/policy.json', import.meta.url), 'utf8')),
);

/** The time of the first block of every ledger here, in ms; each later one is of a ms later. */
export const TIME = 1_700_000_000_000;

/** Ledgers of real execution, nodes that serve them, and a place from which they are audited. */
export class AuditBench {
  readonly place = new Workplace();
  readonly #servers: LedgerServer[] = [];

  /** A node's ledger on a chain of n, cosigned by the members at these positions. */
  ledgerOf(n = 4, cosigners?: readonly number[]): ExecutedLedger {
    const genesis = { ...testGenesis('audited', n), profiles: [policy] };
    writeFileSync(this.place.path('genesis.cbor'), encode(genesisCodec, genesis));
    const ledger = new ExecutedLedger(testChain(genesis));
    let now = TIME;
    ledger.clock = () => now++;
    if (cosigners !== undefined) ledger.cosigners = cosigners;
    return ledger;
  }

  async serve(ledger: Ledger): Promise<LedgerServer> {
    const server = await LedgerServer.start(ledger);
    this.#servers.push(server);
    return server;
  }

  async audited(nodes: readonly LedgerServer[], ...args: readonly string[]) {
    const urls = nodes.flatMap(({ url }) => ['--node', url]);
    const asked = ['audit', ...urls, '--genesis', 'genesis.cbor', '--json', ...args];
    const done = await this.place.inProcess(asked);
    return { exit: done.exit, report: JSON.parse(done.stdout) };
  }

  /** Exit code and the codes of what is wrong with each node. */
  async findings(...nodes: readonly LedgerServer[]) {
    const { exit, report } = await this.audited(nodes);
    const codes = report.nodes.map((node: { findings: { code: string }[] }) =>
      node.findings.map(({ code }) => code),
    );
    return [exit, ...codes];
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.stop();
    this.place.remove();
  }
}

/** A first record of a subject of that name. */
export function entry(name: string): Entry {
  return testEntry(name, new TextEncoder().encode(name));
}

/** What a submission of entries comes to, signed with a key by name, by default the publisher's, for an hour. */
export function submit(
  ledger: ExecutedLedger,
  name: string,
  entries: readonly Entry[],
  { key = 'publisher', lifeMs = 3_600_000 } = {},
): LedgerOutcome {
  const draft = {
    genesis: ledger.chain.hash,
    publisher: PUBLISHER,
    nonce: seed(name, 16),
    issuedAt: TIME,
    expires: TIME + lifeMs,
    entries,
  };
  return ledger.take(signSubmission(draft, testKey(key), nativeSuite.hasher)).outcome;
}

/** Records one submission, by default of one fresh subject. */
export function record(
  ledger: ExecutedLedger,
  name: string,
  entries: readonly Entry[] = [entry(name)],
  key = 'publisher',
): void {
  const outcome = submit(ledger, name, entries, { key });
  if (!('first' in outcome)) throw new Error(`${name} is refused: ${outcome.code} ${outcome.detail}`);
}

/** Records a fresh subject of each name. */
export function recordAll(ledger: ExecutedLedger, ...names: readonly string[]): void {
  for (const name of names) record(ledger, name);
}

/** Lets the last record be one of another signed header than the publisher's own: with one key, signed by another. */
export const signedBy = (publisher: string, key: string) => (ledger: ExecutedLedger) => {
  const [signer, wrong] = [testKey(publisher), testKey(key)];
  ledger.forge = leaf => {
    const root = entriesRoot([leaf.entry.bytes], nativeSuite.hasher);
    const nonce = seed('forged', 16);
    const life = { issuedAt: TIME, expires: TIME + 3_600_000 };
    const head = { v: 1, genesis: ledger.chain.hash, publisher: PUBLISHER, key: signer.publicKey } as const;
    const headerBytes = encode(submissionHeaderCodec, { ...head, nonce, ...life, count: 1, root });
    const signature = wrong.sign(signedBytes(headerBytes));
    queueMicrotask(() => {
      const last = ledger.leaves.at(-1)!;
      ledger.leaves[ledger.leaves.length - 1] = {
        ...last,
        submission: { ...last.submission, headerBytes, signature },
      };
    });
    return { ...leaf, submission: nativeSuite.hasher.digest(signedBytes(headerBytes)) };
  };
};
