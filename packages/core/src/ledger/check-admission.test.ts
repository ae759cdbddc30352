import { describe, expect, it } from 'vitest';
import { encode } from '../encoding/codec.ts';
import { nativeSuite } from '../native/native-suite.ts';
import { type Admission, admissionCodec, admissionEntry } from '../records/admission.ts';
import { checkAdmission } from './check-admission.ts';
import {
  approve,
  CODES,
  contextOf,
  PUBLISHER,
  p2pKeyOf,
  type Seat,
  world,
} from './testing/membership-world.ts';

const context = contextOf(world);
const late = CODES[30]!;
const other = CODES[31]!;

const admits = (over: Partial<Admission> = {}): Admission => ({
  v: 1,
  epoch: context.epoch,
  carrier: PUBLISHER,
  contacts: [{ code: late, p2pKey: p2pKeyOf([late, 0]), addresses: ['/ip4/127.0.0.1/tcp/1'] }],
  ...over,
});

/** The verdict on an admission approved by so many of the set, changed before it is judged. */
function verdict(
  admission: Admission,
  approvers = context.set(context.epoch).n,
  over = {},
  by = PUBLISHER,
): string {
  const bytes = encode(admissionCodec, admission);
  const approvals = world.seats
    .slice(0, approvers)
    .map((seat: Seat) => approve(seat, admission.epoch, bytes));
  const entry = admissionEntry(admission, approvals, nativeSuite.hasher);
  const checked = checkAdmission({ ...entry, ...over }, by, { ...context, recorded: false });
  return checked.ok ? 'ok' : checked.fault.code;
}

describe('an admission', () => {
  it('of a member by the quorum of the set holds, and gives what is approved', () => {
    expect(verdict(admits())).toBe('ok');
    const two = [late, other].map(code => ({ code, p2pKey: p2pKeyOf([code, 0]), addresses: [] }));
    expect(verdict(admits({ contacts: two }))).toBe('ok');
  });

  it.each([
    ['one approval too few', 'governance-approvals', () => verdict(admits(), 0)],
    ['of another epoch', 'governance-epoch', () => verdict(admits({ epoch: context.epoch + 1 }))],
    [
      'by another publisher than was approved',
      'governance-malformed',
      () => verdict(admits(), 9, {}, '91110108551385082Q'),
    ],
    [
      'under another subject',
      'governance-malformed',
      () => verdict(admits(), 9, { subject: { issuer: PUBLISHER, id: 'contacts' } }),
    ],
    ['with a link to an earlier record', 'governance-malformed', () => verdict(admits(), 9, { prev: 3 })],
    [
      'of nobody',
      'governance-members',
      () =>
        verdict(admits({ contacts: [{ code: '990000', p2pKey: p2pKeyOf(['990000', 0]), addresses: [] }] })),
    ],
    [
      'with the network key of another member',
      'governance-members',
      () =>
        verdict(
          admits({
            contacts: [late, other].map(code => ({ code, p2pKey: p2pKeyOf([late, 0]), addresses: [] })),
          }),
        ),
    ],
  ])('%s is refused', (_, code, run) => {
    expect(run()).toBe(code);
  });

  it('is recorded once', () => {
    const bytes = encode(admissionCodec, admits());
    const approvals = world.seats.map((seat: Seat) => approve(seat, context.epoch, bytes));
    const entry = admissionEntry(admits(), approvals, nativeSuite.hasher);
    const again = checkAdmission(entry, PUBLISHER, { ...context, recorded: true });
    expect(again.ok).toBe(false);
  });
});
