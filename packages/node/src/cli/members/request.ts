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

/** Writes a request for others to read. */
export function writeRequest(file: string, request: MemberRequest): void {
  writeFileSync(file, encode(requestCodec, request));
}

/** Reads a request made for this chain. */
export function readRequest(file: string, chain: Chain): MemberRequest {
  const request = decode(requestCodec, new Uint8Array(readFileSync(file)), MAX_BYTES);
  if (!request.ok) throw fault('bad-request', file, request.fault.detail);
  if (!equalBytes(request.value.genesis, chain.hash)) throw fault('other-chain', file);
  return request.value;
}

/** Where a node is reached, if it is reached where it listens. */
export function addressesOf({ config }: Pick<NodeHome, 'config'>): readonly string[] {
  return [`/ip4/${config.p2p.host}/tcp/${config.p2p.port}`];
}
