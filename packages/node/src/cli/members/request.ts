import { readFileSync, writeFileSync } from 'node:fs';
import {
  type Carried,
  type Chain,
  contactCodec,
  decode,
  encode,
  equalBytes,
  exactly,
  fixedBytes,
  newValidatorCodec,
  nullable,
  observerCodec,
  record,
  uint,
} from '@qifeng/core';
import type { NodeHome } from '../../config/node-home.ts';
import { fault } from '../complaints.ts';

/** Bytes of a request at most. */
const MAX_BYTES = 16 * 1024;

const requestCodec = record({
  v: exactly(1),
  genesis: fixedBytes(32),
  contact: contactCodec,
  join: nullable(record({ epoch: uint(0xffff_fffe), validator: newValidatorCodec })),
});

/**
 * What a newcomer hands to the members: how it is reached, and, once it holds the ledger, its keys as a validator with the
 * proof of possession made in an epoch.
 */
export type MemberRequest = Carried<typeof requestCodec>;

const observerRequestCodec = record({ v: exactly(1), genesis: fixedBytes(32), observer: observerCodec });
/** What one that is no member hands to the members, to be admitted as an observer. */
export type ObserverRequest = Carried<typeof observerRequestCodec>;

/** Writes a request for others to read. */
export function writeRequest(file: string, request: MemberRequest): void {
  writeFileSync(file, encode(requestCodec, request));
}

/** Writes an observer's request for others to read. */
export function writeObserverRequest(file: string, request: ObserverRequest): void {
  writeFileSync(file, encode(observerRequestCodec, request));
}

/** Reads a member's request made for this chain. */
export function readRequest(file: string, chain: Chain): MemberRequest {
  const request = decode(requestCodec, new Uint8Array(readFileSync(file)), MAX_BYTES);
  if (!request.ok) throw fault('bad-request', file, request.fault.detail);
  return ofChain(request.value, file, chain);
}

/** Reads a request made for this chain, a member's or an observer's. */
export function readNewcomer(file: string, chain: Chain): MemberRequest | ObserverRequest {
  const request = decode(observerRequestCodec, new Uint8Array(readFileSync(file)), MAX_BYTES);
  return request.ok ? ofChain(request.value, file, chain) : readRequest(file, chain);
}

function ofChain<T extends { readonly genesis: Uint8Array }>(request: T, file: string, chain: Chain): T {
  if (!equalBytes(request.genesis, chain.hash)) throw fault('other-chain', file);
  return request;
}

/** Where a node is reached, if it is reached where it listens. */
export function addressesOf({ config }: Pick<NodeHome, 'config'>): readonly string[] {
  return [`/ip4/${config.p2p.host}/tcp/${config.p2p.port}`];
}
