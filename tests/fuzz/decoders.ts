import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  accusationCodec,
  admissionCodec,
  approvalsCodec,
  type Codec,
  decode,
  decodeBundle,
  decodeSubmission,
  encode,
  encodeBundle,
  entryCodec,
  epochValueCodec,
  formatCheckpoint,
  formatNote,
  formatReceipt,
  formatTlogProof,
  genesisCodec,
  handoversCodec,
  headerCodec,
  leafCodec,
  mapHash,
  mapProofCodec,
  membershipChangeCodec,
  memoryNodeStore,
  type NewValidator,
  observerChangeCodec,
  observersValueCodec,
  parseCheckpoint,
  parseJson,
  parseNote,
  parsePolicy,
  parseReceipt,
  parseTilePath,
  parseTlogProof,
  parseVerifierKey,
  policyOfValidators,
  profileCodec,
  profileFromJson,
  proveMapKey,
  type Result,
  readGenesis,
  statusProofCodec,
  submissionFromJson,
  submissionHeaderCodec,
  submissionToJson,
  toUtf8,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { emptyGuard } from '../../packages/node/src/consensus/guard.ts';
import { wireCodecs } from '../../packages/node/src/engine/wire/codecs.ts';
import { frameCodec } from '../../packages/node/src/engine/wire/frames.ts';
import { encodeGuard, recordCodec } from '../../packages/node/src/engine/wire/records.ts';
import { makeBatch, readBatch } from '../../packages/node/src/mempool/batch.ts';
import { StorageError } from '../../packages/node/src/storage/errors.ts';
import { decodeFile, encodeFile } from '../../packages/node/src/storage/guard-format.ts';
import { decodeLog, encodeFileHead, encodeFrame } from '../../packages/node/src/storage/log-format.ts';
import { twoHeads, twoVotes } from '../fixtures/accusations.ts';
import { testKey } from '../fixtures/builder.ts';
import { epochsLedger, LATE_INDEX } from '../fixtures/epochs.ts';
import { wireSamples } from './wire-samples.ts';

const { hasher, verifier } = nativeSuite;

/** Something that reads bytes of others, or of a disk that may have rotted. */
export interface Decoder {
  readonly name: string;
  /** Bytes that it accepts: what is fed to it is made of them. */
  readonly samples: readonly Uint8Array[];
  /**
   * Null if it refuses the bytes, with a code; else what it read, written again. It throws nothing whatever it is given.
   */
  again(bytes: Uint8Array): Uint8Array | null;
}

/** Every decoder of bytes that the project does not make itself at that moment. */
export function decoders(): readonly Decoder[] {
  const ledger = epochsLedger();
  const { chain } = ledger;
  const { messages, records } = wireSamples(chain.hash);
  const codecs = wireCodecs(chain.hash, hasher);
  const frames = frameCodec(codecs);
  const { submission } = ledger.blocks[0]!;
  const change = ledger.blocks[1]!.submission.entries[0]!;
  const wire = submissionFromJson(submissionToJson(submission));
  if (!wire.ok) throw new Error(wire.fault.detail);
  const batch = makeBatch([wire.value], [submission], hasher);
  const receipt = ledger.receipt(LATE_INDEX);
  const note = ledger.note(ledger.height);
  const policy = policyOfValidators(chain.origin, chain.validators, hasher);
  const profile = readFileSync(
    fileURLToPath(new URL('../../seeds/profiles/policy.json', import.meta.url)),
    'utf8',
  );
  const salt = new Uint8Array(8).fill(3);
  const log = recordCodec(codecs);
  const frame = encodeFrame(salt, 20, records.map(log.encode));
  const map = proveMapKey(mapHash(hasher), memoryNodeStore(), new Uint8Array(32)).proof;
  const status = {
    checkpoint: note,
    handovers: ledger.handovers,
    kind: 'digest' as const,
    name: ['sha256', new Uint8Array(32)],
    value: null,
    ...map,
    receipt,
  };
  return [
    text('JSON', [submissionToJson(submission), profile], parseJson, null),
    text('submission in JSON', [submissionToJson(submission)], submissionFromJson, null),
    text('profile in JSON', [profile], profileFromJson, null),
    text('policy', [policy], (_, bytes) => parsePolicy(bytes, hasher, verifier), null),
    text(
      'verifier key',
      [policy.split('\n')[0]!.split(' ').at(-1)!],
      key => parseVerifierKey(key, hasher),
      null,
    ),
    text('tile path', ['tile/1/x001/234.p/7', 'tile/entries/000'], parseTilePath, null),
    text('checkpoint', [ledger.blocks.at(-1)!.text], value => parseCheckpoint(value), formatCheckpoint),
    bytes('note', [note], value => parseNote(value), formatNote),
    bytes('tlog-proof', [receipt], value => parseTlogProof(value), formatTlogProof),
    bytes('receipt', [receipt, ledger.receipt(0)], parseReceipt, formatReceipt),
    bytes(
      'genesis',
      [encode(genesisCodec, chain.genesis)],
      file => readGenesis(file, nativeSuite),
      value => encode(genesisCodec, value.genesis),
    ),
    bytes(
      'entry bundle',
      [encodeBundle(ledger.leaves.slice(0, 3))],
      value => decodeBundle(value, 3),
      encodeBundle,
    ),
    bytes('submission', [wire.value], value => decodeSubmission(value, hasher), null),
    bytes('batch', [batch.bytes], value => readBatch(value, hasher), null),
    ofCodec('submission header', submissionHeaderCodec, [submission.header]),
    ofCodec('entry', entryCodec, [...submission.entries, change]),
    ofCodec(
      'leaf',
      leafCodec,
      ledger.leaves.map(leaf => decoded(leafCodec, leaf)),
    ),
    ofCodec('block header', headerCodec, [ledger.blocks[0]!.header]),
    ofCodec('map proof', mapProofCodec, [map]),
    ofCodec('status proof', statusProofCodec, [status]),
    ofCodec('handovers', handoversCodec, [ledger.handovers]),
    ofCodec('epoch', epochValueCodec, [ledger.now().set]),
    ofCodec('profile', profileCodec, [valueOfJson(profile)]),
    ofCodec('membership change', membershipChangeCodec, [metaOf(change, 'change', membershipChangeCodec)]),
    ofCodec('approvals', approvalsCodec, [metaOf(change, 'approvals', approvalsCodec)]),
    ofCodec('accusation', accusationCodec, [
      twoVotes(chain.hash, '110000', testKey('validator 110000')),
      twoHeads(chain, '110000', testKey('validator 110000')),
    ]),
    ofCodec('admission', admissionCodec, [
      {
        v: 1,
        epoch: 0,
        carrier: submission.header.publisher,
        contacts: [contactOf(ledger.newValidator('110000'))],
      },
    ]),
    ofCodec('change of observers', observerChangeCodec, [
      {
        v: 1,
        epoch: 0,
        carrier: submission.header.publisher,
        after: 7,
        admitted: [OBSERVER],
        removed: ['530300'],
      },
    ]),
    ofCodec('observers', observersValueCodec, [{ removal: null, observers: [OBSERVER] }]),
    bytes(
      'frame',
      [
        ...messages.map(message => frames.encode({ type: 'message', message })),
        frames.encode({ type: 'batch', bytes: batch.bytes }),
        frames.encode({ type: 'batch-request', digests: [new Uint8Array(32)] }),
        frames.encode({ type: 'log-line-request', height: 7 }),
        frames.encode({ type: 'log-line', height: 7, signature: new Uint8Array(64).fill(5) }),
        frames.encode({ type: 'log-line', height: 7, signature: null }),
      ],
      frames.decode,
      frames.encode,
    ),
    file('write-ahead log', [Buffer.concat([encodeFileHead(salt), frame])], value => decodeLog(value, 'log')),
    file('guard file', [encodeFile({ sequence: 4, value: encodeGuard(emptyGuard(0)) }, 128)], value =>
      decodeFile(value, 'guard'),
    ),
  ];
}

function bytes<T>(
  name: string,
  samples: readonly Uint8Array[],
  read: (bytes: Uint8Array) => Result<T>,
  write: ((value: T) => Uint8Array) | null,
): Decoder {
  return {
    name,
    samples,
    again: input => {
      const result = read(input);
      if (result.ok) return write === null ? input : write(result.value);
      if (result.fault.code === '') throw new Error('a refusal without a code');
      return null;
    },
  };
}

function text<T>(
  name: string,
  samples: readonly string[],
  read: (text: string, bytes: Uint8Array) => Result<T>,
  write: ((value: T) => string) | null,
): Decoder {
  // Lossless: what is no UTF-8 never gets as far as a text decoder.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return bytes(
    name,
    samples.map(toUtf8),
    input => {
      try {
        return read(decoder.decode(input), input);
      } catch (error) {
        if (error instanceof TypeError && 'code' in error) return NOT_UTF8;
        throw error;
      }
    },
    write === null ? null : value => toUtf8(write(value)),
  );
}

const NOT_UTF8 = { ok: false as const, fault: { code: 'not-utf8', detail: '' } };

function ofCodec<T>(name: string, codec: Codec<T>, samples: readonly T[]): Decoder {
  return bytes(
    name,
    samples.map(sample => encode(codec, sample)),
    input => decode(codec, input),
    value => encode(codec, value),
  );
}

/** Files of one's own: what is wrong with them is told by a coded error. */
function file(name: string, samples: readonly Uint8Array[], read: (file: Uint8Array) => unknown): Decoder {
  return {
    name,
    samples,
    again: input => {
      try {
        read(input);
        return input;
      } catch (error) {
        if (error instanceof StorageError) return null;
        throw error;
      }
    },
  };
}

function decoded<T>(codec: Codec<T>, input: Uint8Array): T {
  const value = decode(codec, input);
  if (!value.ok) throw new Error(value.fault.detail);
  return value.value;
}

function valueOfJson(json: string) {
  const profile = profileFromJson(json);
  if (!profile.ok) throw new Error(profile.fault.detail);
  return profile.value;
}

function metaOf<T>(
  { meta }: { readonly meta: ReadonlyMap<string, unknown> },
  name: string,
  codec: Codec<T>,
): T {
  return decoded(codec, meta.get(name) as Uint8Array);
}

const OBSERVER = {
  code: '530100',
  name: '昆明市（演示）',
  p2pKey: testKey('p2p 530100').publicKey,
  addresses: ['/dns4/kunming.example/tcp/8201'],
};

function contactOf({ p2pKey, addresses }: NewValidator) {
  return { code: '110000', p2pKey, addresses };
}
