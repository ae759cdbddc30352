import {
  byteString,
  type Codec,
  decode,
  encode,
  fixedBytes,
  list,
  ok,
  type Result,
  refuse,
} from '@qifeng/core';
import type { Message } from '../../consensus/messages.ts';
import { MAX_BATCH_BYTES } from '../../mempool/batch.ts';
import type { FrameRule, Lane } from '../../ports/transport.ts';
import { MAX_MANIFEST } from '../snapshot/manifest.ts';
import type { WireCodecs } from './codecs.ts';
import { logLineCodec, logLineRequestCodec } from './log-lines.ts';
import {
  MAX_PART_BYTES,
  partCodec,
  partRequestCodec,
  type StatePart,
  snapshotRequestCodec,
} from './snapshots.ts';

/** What members send each other: the protocol's messages, bodies of batches, snapshots of the state, and log signatures. */
export type Frame =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'batch'; readonly bytes: Uint8Array }
  | { readonly type: 'batch-request'; readonly digests: readonly Uint8Array[] }
  | { readonly type: 'snapshot-request'; readonly above: number }
  | { readonly type: 'snapshot'; readonly bytes: Uint8Array }
  | { readonly type: 'part-request'; readonly height: number; readonly paths: readonly string[] }
  | { readonly type: 'part'; readonly part: StatePart }
  | { readonly type: 'log-line-request'; readonly height: number }
  | { readonly type: 'log-line'; readonly height: number; readonly signature: Uint8Array | null };

/** The frames about snapshots. */
export type SnapshotFrame = Extract<
  Frame,
  { readonly type: 'snapshot-request' | 'snapshot' | 'part-request' | 'part' }
>;

/** The frames about log signatures. */
export type LogLineFrame = Extract<Frame, { readonly type: 'log-line-request' | 'log-line' }>;

const batchRequest = list(fixedBytes(32), 512, 1);
const batchBytes = byteString(1, MAX_BATCH_BYTES);
const manifestBytes = byteString(1, MAX_MANIFEST);

/** First byte of a frame; retired numbers are never used again. */
const TAGS = {
  proposal: 1,
  vote: 2,
  'view-change': 3,
  'new-view': 4,
  'checkpoint-vote': 5,
  'commit-certificate': 6,
  'checkpoint-certificate': 7,
  status: 8,
  'header-request': 9,
  headers: 10,
  batch: 11,
  'batch-request': 12,
  evidence: 13,
  'snapshot-request': 14,
  snapshot: 15,
  'part-request': 16,
  part: 17,
  'log-line-request': 18,
  'log-line': 19,
} as const;

/** Bytes in a message of each kind at most (reliability.md, "Limits"). */
const LIMITS: Readonly<Record<Message['type'], number>> = {
  proposal: 1024 * 1024,
  vote: 4 * 1024,
  'view-change': 32 * 1024,
  'new-view': 4 * 1024 * 1024,
  'checkpoint-vote': 4 * 1024,
  'commit-certificate': 32 * 1024,
  'checkpoint-certificate': 32 * 1024,
  status: 4 * 1024,
  'header-request': 4 * 1024,
  headers: 4 * 1024 * 1024,
  evidence: 4 * 1024,
};

/** Bytes in a frame of each other kind at most. */
const OTHER_LIMITS = {
  batch: MAX_BATCH_BYTES + 16,
  'batch-request': 32 * 1024,
  'snapshot-request': 64,
  snapshot: MAX_MANIFEST + 16,
  'part-request': 4 * 1024,
  part: MAX_PART_BYTES,
  'log-line-request': 64,
  'log-line': 128,
} as const;
/** What a frame counts for whose answer is larger than itself; a member that catches up asks for a body a block. */
const COSTS: Readonly<Partial<Record<keyof typeof TAGS, number>>> = {
  // 128 headers take 3 ms to find and write (measured); an honest member asks for headers and tells its status twice a second.
  status: 100,
  'header-request': 400,
  'batch-request': 4,
  'snapshot-request': 400,
  'part-request': 40,
  'log-line-request': 40,
};

/** The rule for frames that begin with this byte, for the transport; undefined: no frame does. */
export function frameRule(kind: number): FrameRule | undefined {
  return RULES.get(kind);
}

const RULES: ReadonlyMap<number, FrameRule> = new Map(
  Object.entries(TAGS).map(([name, tag]) => {
    const body = { ...LIMITS, ...OTHER_LIMITS }[name as keyof typeof TAGS];
    return [tag, { bytes: 1 + body, cost: COSTS[name as keyof typeof TAGS] ?? 1 }];
  }),
);

/** Which lane a message travels in: bodies and long lists of headers never hold up votes. */
export function laneOf(frame: Frame): Lane {
  return frame.type === 'message' && frame.message.type !== 'headers' ? 'votes' : 'bulk';
}

const FOLLOWERS: ReadonlySet<Frame['type']> = new Set([
  'batch',
  'batch-request',
  'snapshot-request',
  'part-request',
  'log-line-request',
]);

/**
 * Whether a frame is one that somebody without any say may send: where it stands, what it lacks, and what its clients handed in.
 * No signature has to be checked to find what is in it.
 */
export function isOfFollower(frame: Frame): boolean {
  if (frame.type === 'message') return ['status', 'header-request'].includes(frame.message.type);
  return FOLLOWERS.has(frame.type);
}

/** Writes and reads frames of one chain. */
export interface FrameCodec {
  encode(frame: Frame): Uint8Array;
  decode(bytes: Uint8Array): Result<Frame>;
}

/** The frames of a chain: one tag byte, then the deterministic CBOR of the message. */
export function frameCodec(codecs: WireCodecs): FrameCodec {
  const tagged = <T>(tag: number, codec: Codec<T>, value: T): Uint8Array => {
    const body = encode(codec, value);
    const frame = new Uint8Array(1 + body.length);
    frame[0] = tag;
    frame.set(body, 1);
    return frame;
  };
  const encodeMessage = (message: Message): Uint8Array => {
    const tag = TAGS[message.type];
    switch (message.type) {
      case 'proposal':
        return tagged(tag, codecs.proposal, message.proposal);
      case 'vote':
        return tagged(tag, codecs.vote, message.vote);
      case 'view-change':
        return tagged(tag, codecs.viewChange, message.viewChange);
      case 'new-view':
        return tagged(tag, codecs.newView, message.newView);
      case 'checkpoint-vote':
        return tagged(tag, codecs.checkpointVote, message.vote);
      case 'commit-certificate':
        return tagged(tag, codecs.voteCertificate, message.certificate);
      case 'checkpoint-certificate':
        return tagged(tag, codecs.checkpointCertificate, message.certificate);
      case 'status':
        return tagged(tag, codecs.status, message.status);
      case 'header-request':
        return tagged(tag, codecs.headerRequest, message.request);
      case 'evidence':
        return tagged(tag, codecs.evidence, message.evidence);
      case 'headers':
        return tagged(tag, codecs.headers, message.blocks);
    }
  };
  const readers = readersOf(codecs);
  return {
    encode: frame => {
      switch (frame.type) {
        case 'message':
          return encodeMessage(frame.message);
        case 'batch':
          return tagged(TAGS.batch, batchBytes, frame.bytes);
        case 'batch-request':
          return tagged(TAGS['batch-request'], batchRequest, frame.digests);
        case 'snapshot-request':
          return tagged(TAGS['snapshot-request'], snapshotRequestCodec, frame);
        case 'snapshot':
          return tagged(TAGS.snapshot, manifestBytes, frame.bytes);
        case 'part-request':
          return tagged(TAGS['part-request'], partRequestCodec, frame);
        case 'part':
          return tagged(TAGS.part, partCodec, frame.part);
        case 'log-line-request':
          return tagged(TAGS['log-line-request'], logLineRequestCodec, frame);
        case 'log-line':
          return tagged(TAGS['log-line'], logLineCodec, frame);
      }
    },
    decode: bytes =>
      readers.get(bytes[0] ?? 0)?.(bytes.subarray(1)) ?? refuse('bad-frame', `unknown tag ${bytes[0]}`),
  };
}

type Reader = (body: Uint8Array) => Result<Frame>;

function readersOf(codecs: WireCodecs): ReadonlyMap<number, Reader> {
  const message = <T>(
    type: Message['type'],
    codec: Codec<T>,
    make: (value: T) => Message,
  ): [number, Reader] => [
    TAGS[type],
    body => {
      const value = decode(codec, body, LIMITS[type]);
      return value.ok ? ok({ type: 'message', message: make(value.value) }) : value;
    },
  ];
  const other = <T>(
    type: keyof typeof OTHER_LIMITS,
    codec: Codec<T>,
    make: (value: T) => Frame,
  ): [number, Reader] => [
    TAGS[type],
    body => {
      const value = decode(codec, body, OTHER_LIMITS[type]);
      return value.ok ? ok(make(value.value)) : value;
    },
  ];
  return new Map<number, Reader>([
    message('proposal', codecs.proposal, proposal => ({ type: 'proposal', proposal })),
    message('vote', codecs.vote, vote => ({ type: 'vote', vote })),
    message('view-change', codecs.viewChange, viewChange => ({ type: 'view-change', viewChange })),
    message('new-view', codecs.newView, newView => ({ type: 'new-view', newView })),
    message('checkpoint-vote', codecs.checkpointVote, vote => ({ type: 'checkpoint-vote', vote })),
    message('commit-certificate', codecs.voteCertificate, certificate => ({
      type: 'commit-certificate',
      certificate,
    })),
    message('checkpoint-certificate', codecs.checkpointCertificate, certificate => ({
      type: 'checkpoint-certificate',
      certificate,
    })),
    message('status', codecs.status, status => ({ type: 'status', status })),
    message('header-request', codecs.headerRequest, request => ({ type: 'header-request', request })),
    message('evidence', codecs.evidence, evidence => ({ type: 'evidence', evidence })),
    message('headers', codecs.headers, blocks => ({ type: 'headers', blocks })),
    other('batch', batchBytes, bytes => ({ type: 'batch', bytes })),
    other('batch-request', batchRequest, digests => ({ type: 'batch-request', digests })),
    other('snapshot-request', snapshotRequestCodec, value => ({ type: 'snapshot-request', ...value })),
    other('snapshot', manifestBytes, bytes => ({ type: 'snapshot', bytes })),
    other('part-request', partRequestCodec, value => ({ type: 'part-request', ...value })),
    other('part', partCodec, part => ({ type: 'part', part })),
    other('log-line-request', logLineRequestCodec, value => ({ type: 'log-line-request', ...value })),
    other('log-line', logLineCodec, value => ({ type: 'log-line', ...value })),
  ]);
}
