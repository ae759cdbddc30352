import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chain, decode, readGenesis } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { wireCodecs } from '../../../packages/node/src/engine/wire/codecs.ts';
import { openLevelStore } from '../../../packages/node/src/storage/level-store.ts';
import { type Network, until } from '../../end-to-end/network.ts';
import { unwrap } from '../../fixtures/builder.ts';
import type { World } from '../faults/fault.ts';
import type { Load } from '../load/load.ts';
import type { LedgerRecord } from '../load/operations.ts';
import type { ChaosNetwork } from '../network/chaos-network.ts';
import { linearizabilityFlaws } from './linearizable.ts';
import { falselyAccused, forks, type Head, idleness, logFlaws, receiptFlaws, signedBy } from './verdicts.ts';

/** Records and reads below which a run has tested nothing. */
const LEAST = 10;

/** The chain of a network. */
export function chainOf(network: ChaosNetwork): Chain {
  const file = new Uint8Array(readFileSync(join(network.home, 'genesis.cbor')));
  return unwrap(readGenesis(file, nativeSuite));
}

interface Page {
  readonly records: readonly {
    readonly index: number;
    readonly leaf: {
      readonly height: number;
      readonly submission: string;
      readonly version: number;
      readonly subjectPrev: number | null;
      readonly entry: {
        readonly action: string;
        readonly subject: { readonly issuer: string; readonly id: string };
        /** Null for changes of the members. */
        readonly digest: { readonly hash: string } | null;
      };
    };
  }[];
  readonly next: number | null;
}

/** Every record of the load's publisher as one node has it: the whole log. */
export async function recordsOf(
  network: Network,
  seat: number,
  publisher: string,
): Promise<readonly LedgerRecord[]> {
  const found: LedgerRecord[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const page: Page = await network.json(seat, `/v1/publishers/${publisher}/records?from=${from}&limit=256`);
    for (const { index, leaf } of page.records) {
      const { action, subject, digest } = leaf.entry;
      const { height, submission, version, subjectPrev } = leaf;
      const name = `${subject.issuer}/${subject.id}`;
      const hash = digest?.hash ?? '';
      found.push({ index, height, submission, subject: name, digest: hash, version, action, subjectPrev });
    }
    from = page.next;
  }
  return found;
}

async function headOf(network: ChaosNetwork, seat: number, height: number): Promise<Head> {
  const { checkpoint } = await network.json<{ checkpoint: Omit<Head, 'seat'> }>(seat, `/v1/blocks/${height}`);
  const { size, root, stateRoot, blockHash } = checkpoint;
  return { seat, height: checkpoint.height, size, root, stateRoot, blockHash };
}

/**
 * What is wrong after a run, with every node up and every fault healed: the load ends, the network settles, and all that
 * was acknowledged is looked for everywhere.
 */
export async function flawsAfter(
  network: ChaosNetwork,
  load: Load,
  silenced: World['silenced'] = [],
): Promise<string[]> {
  await load.stop();
  await network.settled();
  const { honest } = network;
  const [first] = honest as [number];
  const records = await recordsOf(network, first, load.publisher);
  // A node told of the last record may have been ahead of the others.
  const told = Math.max(0, ...load.writes.map(({ acknowledged }) => acknowledged?.height ?? 0));
  const height = Math.max(told, records.at(-1)?.height ?? 0);
  await until(async () => {
    const all = await Promise.all(honest.map(seat => network.standing(seat)));
    return all.every(standing => standing !== null && standing.final >= height);
  }, `all nodes final at ${height}`);
  const heads = await Promise.all(honest.map(seat => headOf(network, seat, height)));
  const chain = chainOf(network);
  const evidence = honest.flatMap(seat => network.said(seat, 'evidence'));
  const accused = evidence.map(({ member }) => String(member));
  const flaws = [
    ...idleness(load.writes, load.reads, LEAST),
    ...load.abandoned.map(what => `never final: ${what}`),
    ...forks(heads),
    ...logFlaws(records),
    ...receiptFlaws(chain, load.writes),
    ...silenced.flatMap(({ member, since }) => signedBy(chain, member, load.writes, since)),
    ...linearizabilityFlaws(records, load.writes, load.reads),
    ...falselyAccused(accused, network.culprits),
  ];
  for (const seat of honest) {
    const all = await recordsOf(network, seat, load.publisher);
    // A liar may go on recording.
    const held = JSON.stringify(all.filter(record => record.height <= height));
    if (held !== JSON.stringify(records)) flaws.push(`node ${seat} lists other records than node ${first}`);
  }
  return flaws;
}

/** What `qifeng-node check` says against the home of an honest node, all being stopped. */
export async function unsound(network: ChaosNetwork): Promise<string[]> {
  const said = await Promise.all(network.honest.map(seat => network.check(seat)));
  return said.filter(text => !text.includes('sound'));
}

/** Waits until every honest node names exactly the liars; gives the names that differ after that. */
export async function accusations(network: ChaosNetwork): Promise<string[]> {
  const right = JSON.stringify(network.culprits);
  const told = (): Promise<readonly string[]> =>
    Promise.all(
      network.honest.map(async seat =>
        JSON.stringify((await network.standing(seat))?.accused.map(({ code }) => code) ?? null),
      ),
    );
  await until(async () => (await told()).every(accused => accused === right), 'all name the liars').catch(
    () => {},
  );
  const flaws = (await told()).flatMap((accused, i) =>
    accused === right ? [] : [`node ${network.honest[i]} names ${accused}, the liars are ${right}`],
  );
  if (flaws.length === 0) return flaws;
  // One that had no turn to lie is named by nobody.
  const lies = network.liars.map(
    ({ seat }) => `${seat}: ${JSON.stringify(network.said(seat, 'lied').at(-1)?.['of'] ?? {})}`,
  );
  return [...flaws, `lies told by each: ${lies.join(', ')}`];
}

/** Codes of the members against whom a stopped node keeps evidence. */
export async function convictedAt(network: ChaosNetwork, seat: number): Promise<readonly string[]> {
  const chain = chainOf(network);
  const codecs = wireCodecs(chain.hash, nativeSuite.hasher);
  const store = await openLevelStore(join(network.seats[seat]!.home, 'db'));
  try {
    return store
      .evidence()
      .map(bytes => chain.validators[unwrap(decode(codecs.evidence, bytes)).first.signer]!.code);
  } finally {
    await store.close();
  }
}
