import { readFileSync } from 'node:fs';
import {
  type Approvals,
  approvalsCodec,
  decode,
  epochValueCodec,
  fromBase64,
  leafCodec,
  membershipChangeCodec,
  parseNote,
  parseReceipt,
  readGenesis,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { unwrap } from '../fixtures/make-fixture.ts';

const read = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/epochs/${name}`, import.meta.url)));

/** What the example of a change of members must name, taken from the receipts of its record and of epoch 5. */
export function fromEpochs(): Record<string, Uint8Array> {
  const chain = unwrap(readGenesis(read('genesis.cbor'), nativeSuite));
  const record = unwrap(parseReceipt(read('change-1.tlog-proof')));
  const { meta } = unwrap(decode(leafCodec, record.extra.leaf)).entry.value;
  const change = meta.get('change') as Uint8Array;
  const approvals: Approvals = unwrap(decode(approvalsCodec, meta.get('approvals') as Uint8Array));
  const [{ validator } = { validator: null }] = unwrap(decode(membershipChangeCodec, change)).members;
  const signed = unwrap(parseNote(unwrap(parseReceipt(read('early.md.tlog-proof'))).note)).text;
  const { checkpoint, epoch, proof } = unwrap(parseReceipt(read('late.md.tlog-proof'))).extra.handovers![0]!;
  const { text, signatures } = unwrap(parseNote(checkpoint));
  const [line] = new TextDecoder()
    .decode(checkpoint.subarray(new TextEncoder().encode(text).length + 1))
    .split('\n');
  const { signature } = signatures[0]!;
  unwrap(decode(epochValueCodec, epoch));
  return {
    'chain-hash': chain.hash,
    change,
    'approver-key': chain.validators[0]!.key,
    approval: approvals[0]![1],
    'joining-key': validator!.key,
    'signed-checkpoint': Buffer.from(signed),
    'signed-hash': validator!.possession.hash,
    possession: validator!.possession.signature,
    'epoch-1': epoch,
    'last-checkpoint': Buffer.from(text),
    'handover-line': Buffer.from(`${line}\n`),
    'handover-time': signature.subarray(0, 8),
    'handover-cosignature': signature.subarray(8),
    bitmap: proof.bitmap,
    ...Object.fromEntries(proof.siblings.map((sibling, i) => [`state-sibling-${i}`, sibling])),
    'level-0': unwrap(fromBase64(text.split('\n')[4]!.slice('state '.length))),
  };
}
