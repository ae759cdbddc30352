import {
  buildTiles,
  cosignatureLines,
  emptyEdge,
  formatNote,
  leafHashesOf,
  logHash,
  parseCheckpoint,
} from '@qifeng/core';
import { epochSet } from '@qifeng/core/execution';
import { nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testChain, unwrap } from '../../../../../tests/fixtures/builder.ts';
import { epochsGenesis, epochsLedger } from '../../../../../tests/fixtures/epochs.ts';
import { wireCodecs } from '../wire/codecs.ts';
import { encodeManifest, type ManifestParts, verifyManifest } from './manifest.ts';

const ledger = epochsLedger();
const { chain } = ledger;
const codecs = wireCodecs(chain.hash, nativeSuite.hasher);
const tree = logHash(nativeSuite.hasher);

/** What an honest node gives of the state after a block. */
function partsAt(height: number, signers?: readonly number[]): ManifestParts {
  const { header, text, size } = ledger.blocks[height - 1]!;
  const { epoch } = header;
  const { validators } = epochSet(ledger, epoch)!;
  const signed = ledger.signatures(height, signers);
  return {
    header,
    checkpoint: formatNote({
      text,
      signatures: cosignatureLines(chain.origin, validators, signed, nativeSuite.hasher),
    }),
    handovers: epoch === 0 ? null : ledger.handovers.slice(0, epoch),
    ends: Array.from({ length: epoch }, (_, i) => ledger.blocks[epochSet(ledger, i + 1)!.start - 2]!.header),
    edge: buildTiles(tree, emptyEdge, leafHashesOf(tree, ledger.leaves.slice(0, size))).edge,
  };
}

const verify = (parts: ManifestParts, by = chain) =>
  verifyManifest(by, nativeSuite, codecs, encodeManifest(parts));
const refused = (parts: ManifestParts): string => {
  const found = verify(parts);
  return found.ok ? 'accepted' : found.fault.code;
};
const last = ledger.height;

describe('a manifest', () => {
  it('of any block is verified by the genesis alone, whatever its epoch', () => {
    for (let height = 1; height <= last; height++) {
      const { base, certificates } = unwrap(verify(partsAt(height)));
      const { header, text, size } = ledger.blocks[height - 1]!;
      expect(base.head).toMatchObject({ header, text, size });
      expect(base.stateRoot).toEqual(unwrap(parseCheckpoint(text)).stateRoot);
      expect(base.ends.map(end => end.header.epoch)).toEqual([...Array(header.epoch).keys()]);
      expect(certificates.map(one => one.epoch)).toEqual([...Array(header.epoch + 1).keys()]);
      expect(certificates.at(-1)).toMatchObject({ height, text });
    }
  });

  it('of another chain is refused', () => {
    expect(verify(partsAt(1), testChain(epochsGenesis(4, 'Another')))).toMatchObject({ ok: false });
  });

  it('is refused with one field of another block, or without a quorum of the set that the handovers lead to', () => {
    const [parts, other] = [partsAt(last), partsAt(last - 1)];
    expect(refused(parts)).toBe('accepted');
    expect(refused({ ...parts, header: other.header })).toBe('bad-snapshot');
    expect(refused({ ...parts, checkpoint: other.checkpoint })).not.toBe('accepted');
    expect(refused({ ...parts, edge: other.edge })).toBe('bad-snapshot');
    expect(refused({ ...parts, handovers: null })).toBe('wrong-epoch');
    expect(refused({ ...parts, handovers: parts.handovers!.slice(1) })).toBe('wrong-epoch');
    expect(refused({ ...parts, handovers: parts.handovers!.toReversed() })).toBe('bad-handover');
    expect(refused({ ...parts, ends: parts.ends.slice(1) })).toBe('bad-snapshot');
    expect(refused({ ...parts, ends: parts.ends.with(1, parts.ends[2]!) })).toBe('bad-snapshot');
    const few = partsAt(last, [0, 1]);
    expect(refused(few)).toBe('no-quorum');
    // A set that is over decides nothing any more.
    const { text } = ledger.blocks[last - 1]!;
    const { validators } = epochSet(ledger, 0)!;
    const old = cosignatureLines(
      chain.origin,
      validators,
      ledger.signatures(last, undefined, 0),
      nativeSuite.hasher,
    );
    expect(refused({ ...parts, checkpoint: formatNote({ text, signatures: old }) })).not.toBe('accepted');
  });

  it('is refused with any bit of it flipped, and never makes the verifier throw', () => {
    const bytes = encodeManifest(partsAt(last));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const spoilt = bytes.with(at, bytes[at]! ^ (1 << bit));
        expect(verifyManifest(chain, nativeSuite, codecs, spoilt).ok).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});
