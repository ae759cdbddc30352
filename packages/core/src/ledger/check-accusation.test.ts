import { describe, expect, it } from 'vitest';
import { type Lie, twoHeads, twoVotes } from '../../../../tests/fixtures/accusations.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { type Accusation, accusationEntry } from '../records/accusation.ts';
import type { Entry } from '../records/entry.ts';
import { type AccusationContext, checkAccusation } from './check-accusation.ts';
import { MAX_COSIGNATURE_TIME } from './cosignature.ts';
import { CODES, contextOf, GENESIS, keyOf, PUBLISHER, world } from './testing/membership-world.ts';

const origin = 'test.qifeng.example/0123456789abcdef0123456789abcdef';
const context: AccusationContext = { ...contextOf(world), origin, accused: () => null };
const liar = CODES[0]!;
/** In the set of epoch 1 and of no other. */
const gone = CODES[9]!;
/** In the set of the current epoch, 2, and of none before. */
const newcomer = CODES[6]!;
const key = (code: string) => keyOf('validator', [code, 0]);

const votes = (code = liar, lie: Lie = {}) => twoVotes(GENESIS, code, key(code), { epoch: 2, ...lie });
const heads = (code = liar, lie: Lie = {}, second = {}) =>
  twoHeads({ origin }, code, key(code), { epoch: 2, ...lie }, second);

function verdict(accusation: Accusation, over: Partial<Entry> = {}, by = PUBLISHER, own = context): string {
  const entry = accusationEntry(PUBLISHER, accusation);
  const checked = checkAccusation({ ...entry, ...over }, by, own);
  return checked.ok ? 'ok' : checked.fault.code;
}

/** One bit of what is signed, or of a signature, turned over in the first statement. */
function damaged(accusation: Accusation, field: 'hash' | 'signature'): Accusation {
  const { votes: own, checkpoints } = structuredClone(accusation);
  if (own !== null && field === 'hash') own.statements[0].hash[31]! ^= 1;
  else (own?.statements ?? checkpoints!)[0].signature[0]! ^= 1;
  return { ...accusation, votes: own, checkpoints };
}

describe('an accusation', () => {
  it.each<[string, Accusation]>([
    ['two PREPAREs', votes(liar, { kind: 'prepare' })],
    ['two COMMITs', votes()],
    ['votes of a height far away', votes(liar, { view: 9, height: 1_000_000 })],
    ['two heads', heads()],
    ['one block with two states', heads(liar, { about: ['a', 'a'] }, { stateRoot: new Uint8Array(32) })],
    ['what a member of an earlier set signed in its epoch', votes(gone, { epoch: 1 })],
    ['what a newcomer signed', heads(newcomer)],
  ])('by %s holds', (_, accusation) => {
    expect(verdict(accusation)).toBe('ok');
  });

  it('gives what is proven', () => {
    const checked = checkAccusation(accusationEntry(PUBLISHER, votes()), PUBLISHER, context);
    expect(checked).toEqual({ ok: true, value: votes() });
  });

  it.each<[what: string, code: string, given: () => string]>([
    ['of an epoch to come', 'governance-epoch', () => verdict(votes(liar, { epoch: 3 }))],
    ['of one that was of another set', 'governance-members', () => verdict(votes(gone))],
    [
      'of one that was not yet of the set',
      'governance-members',
      () => verdict(votes(newcomer, { epoch: 1 })),
    ],
    [
      'of one on record for this epoch',
      'governance-recorded',
      () =>
        verdict(votes(), {}, PUBLISHER, {
          ...context,
          accused: (code, epoch) => (code === liar && epoch === 2 ? 17 : null),
        }),
    ],
    ['with votes by two keys', 'governance-evidence', () => verdict(votes(liar, { other: key(newcomer) }))],
    ['with votes by another', 'governance-evidence', () => verdict({ ...votes(newcomer), code: liar })],
    ['with votes of another epoch', 'governance-evidence', () => verdict({ ...votes(), epoch: 1 })],
    [
      'with votes of another view',
      'governance-evidence',
      () => verdict({ ...votes(), votes: { ...votes().votes!, view: 1 } }),
    ],
    [
      'with votes of another kind',
      'governance-evidence',
      () => verdict({ ...votes(), votes: { ...votes().votes!, kind: 'prepare' } }),
    ],
    [
      'with votes on another chain',
      'governance-evidence',
      () => verdict(twoVotes(new Uint8Array(32), liar, key(liar), { epoch: 2 })),
    ],
    ['with another hash', 'governance-evidence', () => verdict(damaged(votes(), 'hash'))],
    ['with a damaged vote', 'governance-evidence', () => verdict(damaged(votes(), 'signature'))],
    ['with a damaged cosignature', 'governance-evidence', () => verdict(damaged(heads(), 'signature'))],
    ['with heads by two keys', 'governance-evidence', () => verdict(heads(liar, { other: key(newcomer) }))],
    ['with heads of two heights', 'governance-evidence', () => verdict(heads(liar, {}, { height: 6 }))],
    [
      'with heads of another epoch',
      'governance-evidence',
      () => verdict({ ...heads(liar, { epoch: 1 }), epoch: 2 }),
    ],
    ['with heads of two epochs', 'governance-evidence', () => verdict(heads(liar, {}, { epoch: 1 }))],
    [
      'with heads of another chain',
      'governance-evidence',
      () => verdict(twoHeads({ origin: `${origin}0` }, liar, key(liar), { epoch: 2 })),
    ],
    [
      'with texts that are no checkpoints',
      'governance-evidence',
      () => {
        const [first, second] = heads().checkpoints!;
        return verdict({ ...heads(), checkpoints: [{ ...first, text: 'a\n' }, second] });
      },
    ],
    [
      'with a time that no cosignature has',
      'governance-evidence',
      () => {
        const [first, second] = heads().checkpoints!;
        return verdict({ ...heads(), checkpoints: [{ ...first, time: MAX_COSIGNATURE_TIME + 1 }, second] });
      },
    ],
    ['by another publisher', 'governance-malformed', () => verdict(votes(), {}, '91110108551385082Q')],
    [
      'under another subject',
      'governance-malformed',
      () => verdict(votes(), { subject: { issuer: PUBLISHER, id: `accused ${liar} epoch 1` } }),
    ],
    ['with a link to an earlier record', 'governance-malformed', () => verdict(votes(), { prev: 3 })],
    ['with nothing', 'governance-malformed', () => verdict(votes(), { meta: new Map() })],
    [
      'with more than the evidence',
      'governance-malformed',
      () => verdict(votes(), { meta: new Map([...accusationEntry(PUBLISHER, votes()).meta, ['more', 1]]) }),
    ],
    [
      'with bytes that say nothing',
      'governance-malformed',
      () => verdict(votes(), { meta: new Map([['evidence', toUtf8('guilty')]]) }),
    ],
  ])('%s is refused', (_, code, given) => {
    expect(given()).toBe(code);
  });
});
