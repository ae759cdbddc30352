import { encode, type ObserversValue, observersValueCodec, stateKey, toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { expect, it } from 'vitest';
import { testChain, testKey } from '../../../../tests/fixtures/builder.ts';
import { wireSamples } from '../../../../tests/fuzz/wire-samples.ts';
import type { LedgerReader } from '../ports/ledger-store.ts';
import { epochsOf } from './epochs.ts';
import { isOfFollower } from './wire/frames.ts';

it('observers are among those who may connect, beside the members', () => {
  const chain = testChain();
  const observer = {
    code: '530100',
    name: '演示',
    p2pKey: testKey('p2p 530100').publicKey,
    addresses: ['/dns4/kunming.example/tcp/8201'],
  };
  const values = new Map<string, Uint8Array>();
  let height = 0;
  const ledger = {
    head: () => ({ header: { height } }),
    stateValue: (key: Uint8Array) => values.get(toHex(key)) ?? null,
  } as unknown as LedgerReader;
  const epochs = epochsOf(chain, nativeSuite, ledger);
  const members = chain.genesis.members.filter(({ p2pKey }) => p2pKey !== null).map(({ code }) => code);
  const codes = () => epochs.contacts().map(({ code }) => code);
  expect(codes()).toEqual(members);
  const key = toHex(stateKey(nativeSuite.hasher, 'observers'));
  const put = (value: ObserversValue) => {
    height++;
    values.set(key, encode(observersValueCodec, value));
  };
  put({ removal: null, observers: [observer] });
  expect(codes()).toEqual([...members, '530100']);
  expect(epochs.contacts().at(-1)).toEqual(observer);
  put({ removal: 4, observers: [] });
  expect(codes()).toEqual(members);
});

it('of an observer nothing is taken that has a say', () => {
  const { messages } = wireSamples(new Uint8Array(32));
  const taken = messages.filter(message => isOfFollower({ type: 'message', message }));
  expect(new Set(taken.map(({ type }) => type))).toEqual(new Set(['status', 'header-request']));
  const bytes = new Uint8Array(1);
  expect(isOfFollower({ type: 'batch', bytes })).toBe(true);
  expect(isOfFollower({ type: 'batch-request', digests: [] })).toBe(true);
  expect(isOfFollower({ type: 'snapshot-request', above: 7 })).toBe(true);
  expect(isOfFollower({ type: 'log-line-request', height: 7 })).toBe(true);
  expect(isOfFollower({ type: 'log-line', height: 7, signature: null })).toBe(false);
  expect(isOfFollower({ type: 'snapshot', bytes })).toBe(false);
});
