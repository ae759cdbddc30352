import {
  approvalBytes,
  encode,
  type ObserverChange,
  observerChangeCodec,
  observersEntry,
  ROUTES,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PUBLISHER, testKey } from '../../../../tests/fixtures/builder.ts';
import { readValue, type Served, serveSolo } from './testing/served.ts';

const { hasher } = nativeSuite;
const KUNMING = {
  code: '530100',
  name: '昆明市（演示）',
  p2pKey: testKey('p2p 530100').publicKey,
  addresses: ['/dns4/kunming.example/tcp/8201'],
};

let node: Served;
beforeAll(async () => {
  node = await serveSolo();
});
afterAll(() => node.close());

/** Records a change of observers that three of the four validators approve. */
async function change(over: Partial<ObserverChange>): Promise<void> {
  const none = { v: 1, epoch: 0, carrier: PUBLISHER, after: null, admitted: [], removed: [] } as const;
  const wanted: ObserverChange = { ...none, ...over };
  const hash = hasher.digest(encode(observerChangeCodec, wanted));
  const message = approvalBytes(node.service.chain.hash, 0, hash);
  const approvals = ['110000', '120000', '130000'].map(
    code => [code, testKey(`validator ${code}`).sign(message)] as const,
  );
  await node.seal(node.submission([observersEntry(wanted, approvals, hasher)]));
}

it('members are shown with those who follow, from the first admission to the last removal', async () => {
  const shown = async () => {
    const { members, observers, removal } = await readValue(
      ROUTES.members,
      200,
      await node.ask('/v1/members'),
    );
    expect(members.map(({ code }) => code)).toEqual(['110000', '120000', '130000', '140000']);
    return { observers, removal };
  };
  expect(await shown()).toEqual({ observers: [], removal: null });
  await change({ admitted: [KUNMING] });
  expect(await shown()).toEqual({ observers: [KUNMING], removal: null });
  await change({ removed: ['530100'] });
  expect(await shown()).toEqual({ observers: [], removal: 1 });
});
