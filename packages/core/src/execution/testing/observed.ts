import { encode } from '../../encoding/codec.ts';
import { nativeSuite } from '../../native/native-suite.ts';
import type { Entry } from '../../records/entry.ts';
import {
  type Observer,
  type ObserverChange,
  observerChangeCodec,
  observersEntry,
} from '../../records/observers.ts';
import { approvals, CARRIER } from './governed.ts';
import { keyOf } from './ledger.ts';

/** Three of the four validators: a quorum. */
const QUORUM = ['110000', '120000', '130000'];

/** An observer of a code with a key of its own. */
export function observer(code: string, over: Partial<Observer> = {}): Observer {
  return {
    code,
    name: `演示 ${code}`,
    p2pKey: keyOf(`observer ${code}`),
    addresses: [`/dns4/o${code.toLowerCase()}.example/tcp/8201`],
    ...over,
  };
}

/** A change of observers, of nobody unless it says so, in epoch 0, before any removal. */
export function observerChange(over: Partial<ObserverChange>): ObserverChange {
  return { v: 1, epoch: 0, carrier: CARRIER, after: null, admitted: [], removed: [], ...over };
}

/** Its governance entry, approved by a quorum of the four unless others are named. */
export function observerEntry(over: Partial<ObserverChange>, approvers: readonly string[] = QUORUM): Entry {
  const change = observerChange(over);
  const by = approvals(encode(observerChangeCodec, change), approvers, change.epoch);
  return observersEntry(change, by, nativeSuite.hasher);
}
