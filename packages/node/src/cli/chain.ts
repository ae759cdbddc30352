import { existsSync, readFileSync } from 'node:fs';
import { type Chain, readGenesis } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { fault } from './complaints.ts';

/** The chain of a genesis file, with complaints for a person. */
export function openChain(file: string): Chain {
  if (!existsSync(file)) throw fault('no-genesis', file);
  const chain = readGenesis(new Uint8Array(readFileSync(file)), nativeSuite);
  if (!chain.ok) throw fault('bad-genesis', file, `${chain.fault.code}: ${chain.fault.detail}`);
  return chain.value;
}
