import {
  type Chain,
  cosignatureLines,
  decode,
  formatNote,
  invariant,
  type Suite,
  type TileEdge,
} from '@qifeng/core';
import type { FrozenState, LedgerReader } from '../../ports/ledger-store.ts';
import type { Epochs } from '../epochs.ts';
import type { HandoverKeeper } from '../handover-keeper.ts';
import type { WireCodecs } from '../wire/codecs.ts';
import { encodeManifest } from './manifest.ts';

/** What manifests are made from. */
export interface MakerParts {
  readonly chain: Chain;
  readonly suite: Suite;
  readonly codecs: WireCodecs;
  readonly store: LedgerReader;
  readonly epochs: Epochs;
  readonly handovers: Pick<HandoverKeeper, 'to'>;
}

/** Makes the manifest of a frozen state, of the edge of the log then, and of the certificate of exactly its height. */
export function manifestMaker({ chain, suite, codecs, store, epochs, handovers }: MakerParts) {
  return ({ head }: FrozenState, edge: TileEdge, bytes: Uint8Array): Uint8Array => {
    const certificate = decode(codecs.checkpointCertificate, bytes);
    invariant(certificate.ok, 'a stored certificate decodes');
    const { epoch, text, signatures } = certificate.value;
    const { validators } = epochs.set(epoch)!;
    const lines = cosignatureLines(chain.origin, validators, signatures, suite.hasher);
    return encodeManifest({
      header: head.header,
      checkpoint: formatNote({ text, signatures: lines }),
      handovers: handovers.to(epoch),
      ends: Array.from({ length: epoch }, (_, i) => {
        const header = store.header(epochs.set(i + 1)!.start - 1);
        invariant(header !== null, `the last block of epoch ${i} is here`);
        return header;
      }),
      edge,
    });
  };
}
