import { concat } from '@qifeng/core';
import { backupManifestCodec, chunkCodec } from '../../../packages/node/src/cli/backup/format.ts';
import { emptyGuard } from '../../../packages/node/src/consensus/guard.ts';
import { keptCodec } from '../../../packages/node/src/engine/handover-keeper.ts';
import { encodeGuard, recordCodec } from '../../../packages/node/src/engine/wire/records.ts';
import { StorageError } from '../../../packages/node/src/storage/errors.ts';
import { decodeFile, encodeFile } from '../../../packages/node/src/storage/guard-format.ts';
import { decodeLog, encodeFileHead, encodeFrame } from '../../../packages/node/src/storage/log-format.ts';
import { bytes, type Decoder, ofCodec, orThrown } from '../decoder.ts';
import { wireSamples } from '../wire-samples.ts';
import type { World } from '../world.ts';

const salt = new Uint8Array(8).fill(3);
const pem = new Uint8Array(100).fill(0x41);

/** Files of a node, which a disk or whoever had them may have changed. */
export function fileEntries({ ledger, codecs }: World): readonly Decoder[] {
  const { encode } = recordCodec(codecs);
  const records = wireSamples(ledger.chain.hash).records.map(encode);
  const manifest = {
    v: 1 as const,
    member: '110000',
    genesis: ledger.chain.hash,
    config: '[http]\n',
    height: 7,
    p2pKey: ledger.chain.hash,
    keys: null,
  };
  const [{ epoch, proof }] = ledger.handovers as [(typeof ledger.handovers)[number]];
  const guard = encodeFile({ sequence: 4, value: encodeGuard(emptyGuard(0)) }, 128);
  return [
    bytes(
      'write-ahead log',
      [decodeLog],
      [logOf({ salt, records }), concat(logOf({ salt, records: records.slice(1) }), salt)],
      file => orThrown(() => logIn(file), StorageError),
      // What a crash tore off its end is not written again.
      { same: logOf },
    ),
    bytes(
      'guard file',
      [decodeFile],
      [guard],
      file => orThrown(() => guardIn(file), StorageError),
      // A copy that a crash tore is made whole.
      { same: ({ capacity, ...content }) => encodeFile(content, capacity) },
    ),
    ofCodec('manifest of a backup', backupManifestCodec, [
      manifest,
      { ...manifest, keys: { validator: pem, log: pem, p2p: pem } },
    ]),
    ofCodec('chunk of a backup', chunkCodec, [[{ key: salt, sealed: pem }], []]),
    ofCodec('kept end of an epoch', keptCodec, [{ epoch, proof }]),
  ];
}

function logIn(file: Uint8Array) {
  const { salt, records } = decodeLog(file, 'log');
  return { salt, records };
}

function logOf({ salt, records }: ReturnType<typeof logIn>): Uint8Array {
  const head = encodeFileHead(salt);
  return records.length === 0 ? head : concat(head, encodeFrame(salt, head.length, records));
}

function guardIn(file: Uint8Array) {
  const { sequence, value, capacity } = decodeFile(file, 'guard');
  return { sequence, value, capacity };
}
