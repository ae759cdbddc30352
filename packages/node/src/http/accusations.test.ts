import {
  type Accusation,
  accusationCodec,
  accusationEntry,
  accusationFlaw,
  decode,
  encode,
  parseCheckpoint,
  ROUTES,
  toHex,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { twoHeads, twoVotes } from '../../../../tests/fixtures/accusations.ts';
import { PUBLISHER, testKey, unwrap } from '../../../../tests/fixtures/builder.ts';
import type { Evidence } from '../consensus/messages.ts';
import { wireCodecs } from '../engine/wire/codecs.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import { problemIn, readValue, type Served, serveSolo } from './testing/served.ts';

let node: Served;
beforeAll(async () => {
  node = await serveSolo();
});
afterAll(() => node.close());

/** Evidence as the protocol tells it, the later statement first. */
function told({ epoch, votes, checkpoints }: Accusation, signer: number): Evidence {
  const of = { epoch, signer };
  if (votes !== null) {
    const { statements, ...slot } = votes;
    const [second, first] = statements.map(({ hash, signature }) => ({
      ...of,
      ...slot,
      hash: toHex(hash),
      signature,
    }));
    return { type: 'votes', first: first!, second: second! };
  }
  const [second, first] = checkpoints!.map(({ text, time, signature }) => {
    const { height, blockHash } = unwrap(parseCheckpoint(text));
    return { ...of, height, hash: toHex(blockHash), text, time, signature };
  });
  return { type: 'checkpoints', first: first!, second: second! };
}

async function hold(evidence: Evidence): Promise<void> {
  const { evidence: codec } = wireCodecs(node.service.chain.hash, nativeSuite.hasher);
  const { epoch, signer } = evidence.first;
  await (node.service.ledger as LedgerStore).putEvidence(epoch, signer, encode(codec, evidence));
}

const key = (code: string) => testKey(`validator ${code}`);
const record = (accusation: Accusation) =>
  node.seal(node.submission([accusationEntry(PUBLISHER, accusation)]));
/** What is told of the accused, and of each accusation the bytes. */
async function answers() {
  const { accused } = await readValue(ROUTES.network, 200, await node.ask('/v1/network'));
  const evidence = await readValue(ROUTES.evidence, 200, await node.ask('/v1/evidence'));
  expect([evidence.epoch, evidence.accused.map(({ code, record: at }) => ({ code, record: at }))]).toEqual([
    0,
    accused,
  ]);
  return evidence.accused.map(({ code, record: at, evidence: bytes }) => [code, at, bytes]);
}

it('a node tells what it holds against whom, as anyone can verify it, and where the ledger has it', async () => {
  const { hash: genesis, origin } = node.service.chain;
  expect(await answers()).toEqual([]);
  const votes = twoVotes(genesis, '110000', key('110000'));
  const heads = twoHeads({ origin }, '130000', key('130000'));
  await hold(told(heads, 2));
  await hold(told(votes, 0));
  // Of another epoch: not told here.
  await hold(told(twoVotes(genesis, '140000', key('140000'), { epoch: 3 }), 3));
  const held = [
    ['110000', null, encode(accusationCodec, votes)],
    ['130000', null, encode(accusationCodec, heads)],
  ] as const;
  expect(await answers()).toEqual(held);
  for (const [code, , bytes] of held) {
    const accusation = unwrap(decode(accusationCodec, bytes));
    expect(
      accusationFlaw(accusation, key(code).publicKey, { genesis, origin, suite: nativeSuite }),
    ).toBeNull();
  }

  // Another proof of the same is recorded, and one against a member of which nothing is known here.
  const other = twoVotes(genesis, '110000', key('110000'), { view: 1 });
  const unknown = twoVotes(genesis, '120000', key('120000'));
  await record(other);
  await record(unknown);
  expect(await answers()).toEqual([
    ['110000', 0, encode(accusationCodec, other)],
    ['120000', 1, encode(accusationCodec, unknown)],
    held[1],
  ]);
});

it('there is none of an epoch to come', async () => {
  expect(await problemIn(await node.ask('/v1/evidence?epoch=1'))).toMatchObject({ code: 'no-epoch' });
});
