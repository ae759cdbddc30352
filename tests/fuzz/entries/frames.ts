import { ok, type Result, refuse } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { type Frame, frameCodec } from '../../../packages/node/src/engine/wire/frames.ts';
import { hashCodec } from '../../../packages/node/src/engine/wire/hashes.ts';
import { logLineCodec, logLineRequestCodec } from '../../../packages/node/src/engine/wire/log-lines.ts';
import {
  partCodec,
  partRequestCodec,
  snapshotRequestCodec,
} from '../../../packages/node/src/engine/wire/snapshots.ts';
import { makeBatch } from '../../../packages/node/src/mempool/batch.ts';
import { FrameReader, packFrames } from '../../../packages/node/src/transport/framing.ts';
import { bytes, type Decoder, ofCodec } from '../decoder.ts';
import { manifestOf, partsOf } from '../snapshot-samples.ts';
import { wireSamples } from '../wire-samples.ts';
import type { World } from '../world.ts';

const { hasher } = nativeSuite;

/** What peers send: each kind of frame by itself, all through the one decoder of frames. */
export function frameEntries(world: World): readonly Decoder[] {
  const { ledger, codecs, submission, wire } = world;
  const frames = frameCodec(codecs);
  const hash = new Uint8Array(32).fill(6);
  const parts = partsOf(hash);
  const all: readonly Frame[] = [
    ...wireSamples(ledger.chain.hash).messages.map(message => ({ type: 'message' as const, message })),
    { type: 'batch', bytes: makeBatch([wire], [submission], hasher).bytes },
    { type: 'batch-request', digests: [hash, hash] },
    { type: 'snapshot-request', above: 7 },
    { type: 'snapshot', bytes: manifestOf(ledger) },
    { type: 'part-request', height: 7, paths: ['', '0f'] },
    ...parts.map(part => ({ type: 'part' as const, part })),
    { type: 'log-line-request', height: 7 },
    { type: 'log-line', height: 7, signature: new Uint8Array(64).fill(5) },
    { type: 'log-line', height: 7, signature: null },
  ];
  const kindOf = (frame: Frame) => (frame.type === 'message' ? frame.message.type : frame.type);
  const kinds = [...new Set(all.map(kindOf))];
  return [
    ...kinds.map(kind => {
      const samples = all.filter(frame => kindOf(frame) === kind).map(frames.encode);
      return bytes(`frame ${kind}`, [], samples, frames.decode, { exact: frames.encode });
    }),
    bytes(
      'stream of frames',
      [FrameReader],
      [packFrames([], [wire, new Uint8Array(0), hash])],
      streamOf,
      // Signs of life stand between frames and are passed over.
      { same: cut => packFrames([], cut) },
    ),
    ofCodec('hash', hashCodec, ['ab'.repeat(32)]),
    ofCodec('request of a snapshot', snapshotRequestCodec, [{ above: 7 }]),
    ofCodec('request of parts', partRequestCodec, [{ height: 7, paths: ['', '0f'] }]),
    ofCodec('part', partCodec, parts),
    ofCodec('request of a log line', logLineRequestCodec, [{ height: 7 }]),
    ofCodec('log line', logLineCodec, [{ height: 7, signature: new Uint8Array(64).fill(5) }]),
  ];
}

/** The frames that a stream is cut into; refused while one is not whole. */
function streamOf(stream: Uint8Array): Result<readonly Uint8Array[]> {
  const reader = new FrameReader(64 * 1024);
  reader.push(stream);
  const cut: Uint8Array[] = [];
  for (;;) {
    const frame = reader.next();
    if (!frame.ok) return frame;
    if (frame.value === null) return reader.midFrame ? refuse('mid-frame', '') : ok(cut);
    cut.push(frame.value);
  }
}
