import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { type Asked, askedName } from './asked.ts';
import { askedIn, type StatusProof, statusProofCodec } from './status-proof.ts';

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

  const said = (parts: Pick<StatusProof, 'kind' | 'name'>) => {
    const asked = askedIn(encode(statusProofCodec, { ...proof, ...parts }));
    return asked.ok ? asked.value : asked.fault.code;
  };

  it('says what it is about', () => {
    const hash = new Uint8Array(32).fill(7);
    const all: readonly Asked[] = [
      { kind: 'subject', profile: 'policy', subject: { issuer: 'x', id: '1' } },
      { kind: 'digest', alg: 'sm3', hash },
      { kind: 'publisher', id: 'x' },
    ];
    for (const asked of all) expect(said({ kind: asked.kind, name: [...askedName(asked)] })).toEqual(asked);
  });

  it('that is about nothing that can be asked is refused', () => {
    const others: readonly Pick<StatusProof, 'kind' | 'name'>[] = [
      { kind: 'subject', name: ['policy', 'x'] },
      { kind: 'subject', name: ['policy', 'x', 7] },
      { kind: 'digest', name: ['md5', new Uint8Array(32)] },
      { kind: 'digest', name: ['sha256', new Uint8Array(31)] },
      { kind: 'publisher', name: ['x', 'y'] },
      { kind: 'member', name: ['110000'] },
    ];
    for (const other of others) expect(said(other)).toBe('status-other-name');
    expect(askedIn(Uint8Array.of(0xa0))).toMatchObject({ fault: { code: 'status-malformed' } });
  });
});
