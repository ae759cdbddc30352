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
import type { WireCodecs } from './codecs.ts';

/** What members send each other: the protocol's messages, and bodies of batches. */
export type Frame =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'batch'; readonly bytes: Uint8Array }
  | { readonly type: 'batch-request'; readonly digests: readonly Uint8Array[] };

const batchRequest = list(fixedBytes(32), 512, 1);
const batchBytes = byteString(1, MAX_BATCH_BYTES);

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

/** Bytes of digests in a request for bodies at most. */
const REQUEST_BYTES = 32 * 1024;
/** Bytes of a batch with what is before it. */
const BATCH_FRAME_BYTES = MAX_BATCH_BYTES + 16;
/** What a frame counts for whose answer is larger than itself; a member that catches up asks for a body a block. */
const COSTS: Readonly<Partial<Record<keyof typeof TAGS, number>>> = {
  status: 20,
  'header-request': 40,
  'batch-request': 4,
};

/** The rule for frames that begin with this byte, for the transport; undefined: no frame does. */
export function frameRule(kind: number): FrameRule | undefined {
  return RULES.get(kind);
}

const RULES: ReadonlyMap<number, FrameRule> = new Map(
  Object.entries(TAGS).map(([name, tag]) => {
    const body = { ...LIMITS, batch: BATCH_FRAME_BYTES, 'batch-request': REQUEST_BYTES }[
      name as keyof typeof TAGS
    ];
    return [tag, { bytes: 1 + body, cost: COSTS[name as keyof typeof TAGS] ?? 1 }];
  }),
);

/** Which lane a message travels in: bodies and long lists of headers never hold up votes. */
export function laneOf(frame: Frame): Lane {
  return frame.type === 'message' && frame.message.type !== 'headers' ? 'votes' : 'bulk';
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
      if (frame.type === 'message') return encodeMessage(frame.message);
      if (frame.type === 'batch') return tagged(TAGS.batch, batchBytes, frame.bytes);
      return tagged(TAGS['batch-request'], batchRequest, frame.digests);
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
    [
      TAGS.batch,
      body => {
        const bytes = decode(batchBytes, body, BATCH_FRAME_BYTES);
        return bytes.ok ? ok({ type: 'batch', bytes: bytes.value }) : bytes;
      },
    ],
    [
      TAGS['batch-request'],
      body => {
        const digests = decode(batchRequest, body, REQUEST_BYTES);
        return digests.ok ? ok({ type: 'batch-request', digests: digests.value }) : digests;
      },
    ],
  ]);
}
