import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { type StatusProof, statusProofCodec } from './status-proof.ts';

const proof: StatusProof = {
  checkpoint: Uint8Array.of(1),
  handovers: null,
  kind: 'subject',
  name: ['policy', 'x', 7, Uint8Array.of(9)],
  value: null,
  other: [new Uint8Array(32), new Uint8Array(32).fill(1)],
  bitmap: Uint8Array.of(0x80),
  siblings: [new Uint8Array(32).fill(2)],
  receipt: null,
};

describe('a status proof', () => {
  it('is a map with text keys, shorter ones first', () => {
    const bytes = encode(statusProofCodec, proof);
    expect(toHex(bytes.subarray(0, 13))).toBe('a9646b696e64677375626a656374'.slice(0, 26));
    expect(decode(statusProofCodec, bytes)).toEqual({ ok: true, value: proof });
  });

  it('of an unknown kind is refused', () => {
    const bytes = encode(statusProofCodec, proof);
    // The first letter of the kind's value.
    const found = decode(statusProofCodec, bytes.with(7, 0x78));
    expect(!found.ok && found.fault.code).toBe('cbor-value');
  });
});
