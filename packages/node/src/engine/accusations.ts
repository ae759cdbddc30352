import {
  type Accusation,
  accusationCodec,
  bytesOfHex,
  compareBytes,
  decode,
  encode,
  toUtf8,
} from '@qifeng/core';
import type { Evidence } from '../consensus/messages.ts';
import type { LedgerReader } from '../ports/ledger-store.ts';
import type { Epochs } from './epochs.ts';
import type { WireCodecs } from './wire/codecs.ts';

/** Evidence against the member `code` of its epoch's set, in the form in which it goes on record. */
export function accusationOf({ type, first, second }: Evidence, code: string): Accusation {
  const { epoch } = first;
  if (type === 'votes') {
    const { kind, view, height } = first;
    const [one, other] = inOrder(
      [first, second].map(({ hash, signature }) => ({ hash: bytesOfHex(hash), signature })),
      ({ hash }) => hash,
    );
    return { v: 1, epoch, code, votes: { kind, view, height, statements: [one, other] }, checkpoints: null };
  }
  const cosigned = [first, second].map(({ text, time, signature }) => ({ text, time, signature }));
  return { v: 1, epoch, code, votes: null, checkpoints: inOrder(cosigned, ({ text }) => toUtf8(text)) };
}

function inOrder<T>(statements: readonly T[], bytesOf: (statement: T) => Uint8Array): readonly [T, T] {
  const [one, other] = statements.toSorted((a, b) => compareBytes(bytesOf(a), bytesOf(b)));
  return [one!, other!];
}

/** The bytes of the accusations that this node can make of the evidence it holds about an epoch, by member code. */
export function heldAccusations(
  ledger: Pick<LedgerReader, 'evidence'>,
  codecs: Pick<WireCodecs, 'evidence'>,
  epochs: Pick<Epochs, 'set'>,
  epoch: number,
): ReadonlyMap<string, Uint8Array> {
  const held = new Map<string, Uint8Array>();
  for (const bytes of ledger.evidence()) {
    const evidence = decode(codecs.evidence, bytes);
    if (!evidence.ok || evidence.value.first.epoch !== epoch) continue;
    const member = epochs.set(epoch)?.validators[evidence.value.first.signer];
    if (member === undefined) continue;
    held.set(member.code, encode(accusationCodec, accusationOf(evidence.value, member.code)));
  }
  return held;
}
