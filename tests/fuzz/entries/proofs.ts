import {
  askedIn,
  byteString,
  certificateCodec,
  certificateIn,
  consistencyCodec,
  decodeBundle,
  decodeSubmission,
  encode,
  encodeBundle,
  extraCodec,
  formatNote,
  formatReceipt,
  formatTlogProof,
  fromUtf8,
  genesisCodec,
  handoverCodec,
  handoversCodec,
  headerCodec,
  list,
  MAX_SUBMISSION_BYTES,
  mapHash,
  mapProofCodec,
  memoryNodeStore,
  parseNote,
  parseReceipt,
  parseTlogProof,
  peekSubmission,
  proveMapKey,
  readGenesis,
  type Submission,
  statusProofCodec,
  toUtf8,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { formatRemembered, readRemembered } from '../../../packages/client/src/audit/remembered.ts';
import { decodeShown, encodeShown } from '../../../packages/core/src/audit/contradiction.ts';
import { voteCertificateCodec } from '../../../packages/core/src/audit/votes.ts';
import { decodePoint } from '../../../packages/core/src/crypto/edwards.ts';
import { makeBatch, readBatch, wiresOf } from '../../../packages/node/src/mempool/batch.ts';
import { unwrap } from '../../fixtures/builder.ts';
import { LATE_INDEX } from '../../fixtures/epochs.ts';
import { bytes, type Decoder, ofCodec, orNull } from '../decoder.ts';
import type { World } from '../world.ts';
import { wireCodec } from './json.ts';

const { hasher } = nativeSuite;

/** What proves something by itself or by the genesis, and what is put on the ledger. */
export function proofEntries({ ledger, submission, wire, header }: World): readonly Decoder[] {
  const { chain } = ledger;
  const receipts = [ledger.receipt(LATE_INDEX), ledger.receipt(0)];
  const note = ledger.note(ledger.height);
  const map = proveMapKey(mapHash(hasher), memoryNodeStore(), new Uint8Array(32)).proof;
  const hash = new Uint8Array(32).fill(7);
  const signature = new Uint8Array(64).fill(5);
  const certificate = unwrap(certificateIn(note, ledger.handovers));
  const early = { ...unwrap(certificateIn(ledger.note(1), null)), handovers: null };
  const vote = { kind: 'commit' as const, epoch: 0, view: 3, height: 5, hash };
  const status = {
    checkpoint: note,
    handovers: ledger.handovers,
    kind: 'digest' as const,
    name: ['sha256', hash],
    value: null,
    ...map,
    receipt: receipts[0]!,
  };
  const shown = [
    { kind: 'log' as const, root: hash, path: [hash, hash] },
    { kind: 'blocks' as const, headers: [header] },
    { kind: 'epoch-end' as const, value: hash, proof: map },
  ];
  const wireOf = ({ header, signature, entries }: Submission) =>
    encode(wireCodec, { header, signature, entries });
  const batch = makeBatch([wire], [submission], hasher);
  return [
    bytes('UTF-8', [fromUtf8], [toUtf8('公文 ledger 🏛')], fromUtf8, { exact: toUtf8 }),
    bytes('note', [parseNote], [note], value => parseNote(value), { exact: formatNote }),
    bytes('tlog-proof', [parseTlogProof], receipts, value => parseTlogProof(value), {
      exact: formatTlogProof,
    }),
    bytes('receipt', [parseReceipt], receipts, parseReceipt, { exact: formatReceipt }),
    bytes('certificate in a note', [certificateIn], [note], value => certificateIn(value, null), null),
    bytes(
      'genesis',
      [readGenesis],
      [encode(genesisCodec, chain.genesis)],
      file => readGenesis(file, nativeSuite),
      { exact: value => encode(genesisCodec, value.genesis) },
    ),
    bytes(
      'entry bundle',
      [decodeBundle],
      [encodeBundle(ledger.leaves.slice(0, 3))],
      value => decodeBundle(value, 3),
      { exact: encodeBundle },
    ),
    bytes('submission', [decodeSubmission], [wire], value => decodeSubmission(value, hasher), {
      exact: wireOf,
    }),
    bytes('header of a submission', [peekSubmission], [wire], value => peekSubmission(value, hasher), null),
    bytes('batch', [readBatch], [batch.bytes], value => readBatch(value, hasher), {
      exact: ({ submissions }) => makeBatch(submissions.map(wireOf), submissions, hasher).bytes,
    }),
    bytes('submissions of a batch', [wiresOf], [batch.bytes], wiresOf, {
      exact: wires => encode(list(byteString(1, MAX_SUBMISSION_BYTES), 4096), wires),
    }),
    ofCodec('genesis, its form alone', genesisCodec, [chain.genesis]),
    ofCodec('block header', headerCodec, [header]),
    ofCodec('map proof', mapProofCodec, [map]),
    ofCodec('extra line of a receipt', extraCodec, [unwrap(parseReceipt(receipts[0]!)).extra]),
    ofCodec('status proof', statusProofCodec, [status]),
    bytes('what a status proof is about', [askedIn], [encode(statusProofCodec, status)], askedIn, null),
    ofCodec('handover', handoverCodec, ledger.handovers.slice(0, 2)),
    ofCodec('handovers', handoversCodec, [ledger.handovers]),
    ofCodec('consistency', consistencyCodec, [
      { v: 1, genesis: chain.hash, steps: [{ from: 1, to: 7, path: [hash, hash] }] },
    ]),
    ofCodec('certificate', certificateCodec, [certificate, early]),
    ofCodec('vote certificate', voteCertificateCodec, [
      { ...vote, signatures: [[0, signature] as const, [2, signature] as const], handovers: null },
    ]),
    bytes(
      'remembered certificates',
      [readRemembered],
      [formatRemembered(new Map([['http://node.example', early]]))],
      value => orNull(readRemembered(value)),
      { exact: formatRemembered },
    ),
    ...shown.map((one, i) =>
      bytes(
        `what shows a contradiction of ${one.kind}`,
        i === 0 ? [decodeShown] : [],
        [encodeShown(one)!],
        value => decodeShown(one.kind, value),
        { exact: value => encodeShown(value)! },
      ),
    ),
    bytes(
      'point of a curve',
      [decodePoint],
      chain.validators.map(({ key }) => key),
      value => orNull(decodePoint(value)),
      { exact: point => point.toBytes() },
    ),
  ];
}
