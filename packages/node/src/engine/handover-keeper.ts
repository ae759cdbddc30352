import {
  byteString,
  type Chain,
  decode,
  encode,
  type Handover,
  invariant,
  makeHandover,
  mapHash,
  mapProofCodec,
  proveMapKey,
  record,
  type Suite,
  stateKey,
} from '@qifeng/core';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { Epochs } from './epochs.ts';
import type { WireCodecs } from './wire/codecs.ts';

/** What is kept of the end of an epoch: the next set as the state has it, and its proof there. */
export const keptCodec = record({ epoch: byteString(1, 64 * 1024), proof: mapProofCodec });

/** Keeps what later receipts need of the ends of epochs. */
export interface HandoverKeeper {
  /**
   * To be awaited after each executed block and at the start: where a block ended an epoch, keeps the proof of the next
   * set. The state is only held as it is now, so later is too late; again is harmless.
   */
  keep(): Promise<void>;
  /** The handovers from the genesis to an epoch, null for epoch 0. All epochs before it are over and final. */
  to(epoch: number): readonly Handover[] | null;
}

/** A keeper over the ledger. */
export function handoverKeeper(
  { origin }: Chain,
  { hasher }: Suite,
  epochs: Epochs,
  store: LedgerStore,
  codecs: WireCodecs,
): HandoverKeeper {
  const made: Handover[] = [];

  const make = (epoch: number): Handover => {
    const height = epochs.set(epoch + 1)!.start - 1;
    const kept = store.handover(epoch);
    const stored = store.certificateFrom(height);
    invariant(kept !== null && stored?.height === height, `the end of epoch ${epoch} is kept and certified`);
    const certificate = decode(codecs.checkpointCertificate, stored.bytes);
    const proven = decode(keptCodec, kept);
    invariant(certificate.ok && proven.ok, `the end of epoch ${epoch} decodes`);
    const { text, signatures } = certificate.value;
    const { validators } = epochs.set(epoch)!;
    return makeHandover({ origin, validators, text, signatures, ...proven.value }, hasher);
  };

  return {
    keep: async () => {
      const head = store.head();
      const epoch = head?.header.epoch ?? 0;
      const next = epochs.set(epoch + 1);
      if (head === null || next?.start !== head.header.height + 1 || store.handover(epoch) !== null) return;
      const key = stateKey(hasher, 'epoch', epoch + 1);
      const value = store.stateValue(key);
      invariant(value !== null, 'the set that was just read is in the state');
      const { proof } = proveMapKey(mapHash(hasher), store.pages, key);
      await store.putHandover(epoch, encode(keptCodec, { epoch: value, proof }));
    },
    to: epoch => {
      while (made.length < epoch) made.push(make(made.length));
      return epoch === 0 ? null : made.slice(0, epoch);
    },
  };
}
