import {
  boolean,
  type Codec,
  decode,
  encode,
  invariant,
  list,
  nullable,
  record,
  text,
  uint,
} from '@qifeng/core';
import type { Guard } from '../../consensus/guard.ts';
import type { WalRecord } from '../../consensus/output.ts';
import type { WireCodecs } from './codecs.ts';
import { hashCodec as hash } from './hashes.ts';

/** First byte of a log record; retired numbers are never used again. */
const TAGS = {
  accept: 1,
  prepared: 2,
  'view-change': 3,
  'new-view-sent': 4,
  'new-view': 5,
  cosign: 6,
  checkpoint: 7,
  epoch: 8,
} as const;

/** Writes and reads the records of the write-ahead log. */
export interface RecordCodec {
  encode(record: WalRecord): Uint8Array;
  /** Throws on bytes that are no record: the log's checksums held, so they are ours and of another version. */
  decode(bytes: Uint8Array): WalRecord;
}

const epochCodec = record({
  epoch: uint(0xffff_ffff, 1),
  base: record({ height: uint(), hash, timestamp: uint() }),
});
const cosignCodec = record({ height: uint(), hash, text: text(1024, 1), time: uint() });

/** The log records of a chain. */
export function recordCodec(codecs: WireCodecs): RecordCodec {
  const accept = record({ view: uint(), block: codecs.block });
  const tagged = <T>(type: WalRecord['type'], codec: Codec<T>, value: T): Uint8Array => {
    const body = encode(codec, value);
    const bytes = new Uint8Array(1 + body.length);
    bytes[0] = TAGS[type];
    bytes.set(body, 1);
    return bytes;
  };
  return {
    encode: entry => {
      switch (entry.type) {
        case 'epoch':
          return tagged(entry.type, epochCodec, entry);
        case 'accept':
          return tagged(entry.type, accept, entry);
        case 'prepared':
          return tagged(entry.type, codecs.voteCertificate, entry.certificate);
        case 'view-change':
          return tagged(entry.type, codecs.viewChangeBody, entry.body);
        case 'new-view-sent':
          return tagged(entry.type, codecs.newViewBody, entry.body);
        case 'new-view':
          return tagged(entry.type, codecs.newView, entry.message);
        case 'cosign':
          return tagged(entry.type, cosignCodec, entry);
        case 'checkpoint':
          return tagged(entry.type, codecs.checkpointCertificate, entry.certificate);
      }
    },
    decode: bytes => {
      const read = <T>(codec: Codec<T>): T => {
        const value = decode(codec, bytes.subarray(1));
        invariant(value.ok, `log record with tag ${bytes[0]}: ${value.ok ? '' : value.fault.detail}`);
        return value.value;
      };
      switch (bytes[0]) {
        case TAGS.epoch:
          return { type: 'epoch', ...read(epochCodec) };
        case TAGS.accept:
          return { type: 'accept', ...read(accept) };
        case TAGS.prepared:
          return { type: 'prepared', certificate: read(codecs.voteCertificate) };
        case TAGS['view-change']:
          return { type: 'view-change', body: read(codecs.viewChangeBody) };
        case TAGS['new-view-sent']:
          return { type: 'new-view-sent', body: read(codecs.newViewBody) };
        case TAGS['new-view']:
          return { type: 'new-view', message: read(codecs.newView) };
        case TAGS.cosign:
          return { type: 'cosign', ...read(cosignCodec) };
        case TAGS.checkpoint:
          return { type: 'checkpoint', certificate: read(codecs.checkpointCertificate) };
        default:
          throw new Error(`log record with unknown tag ${bytes[0]}`);
      }
    },
  };
}

const guardCodec = record({
  epoch: uint(0xffff_ffff),
  amnesiac: boolean,
  viewFloor: uint(),
  signed: list(record({ slot: text(64, 1), hash }), 65_536),
  cosigned: nullable(record({ height: uint(), text: text(1024, 1), time: uint() })),
});

/** Bytes of a guard, slots in order. */
export function encodeGuard(guard: Guard): Uint8Array {
  const signed = [...guard.signed]
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([slot, value]) => ({ slot, hash: value }));
  return encode(guardCodec, { ...guard, signed });
}

/** The guard of its bytes. Throws on anything else: a damaged guard is not an empty one. */
export function decodeGuard(bytes: Uint8Array): Guard {
  const value = decode(guardCodec, bytes);
  invariant(value.ok, 'the guard file holds a guard');
  return {
    ...value.value,
    signed: new Map(value.value.signed.map(({ slot, hash: signed }) => [slot, signed])),
  };
}
