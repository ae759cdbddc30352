import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decode } from '../encoding/codec.ts';
import type { Entry } from '../records/entry.ts';
import { leafCodec } from '../records/leaf.ts';
import { type SubjectValue, stateName, subjectValueCodec } from '../records/state.ts';
import { A, B, C, entry, PlainLedger, rootOfValues, STRANGER, testChain, unwrap } from './testing/ledger.ts';
import { PROFILES } from './testing/profiles.ts';

const JOINT = testChain(PROFILES.filter(({ name }) => name === 'together'));
const ALL = testChain();
const file = (n: number) => ({ alg: 'sha256', hash: new Uint8Array(32).fill(n) }) as const;

function standing(ledger: PlainLedger, profile: string, issuer: string, id: string): SubjectValue | null {
  const bytes = ledger.value(stateName('subject', profile, issuer, id));
  return bytes === null ? null : unwrap(decode(subjectValueCodec, bytes));
}

/** The code of the refusal of one entry by a publisher, null if it is recorded. */
function take(ledger: PlainLedger, given: Entry, publisher: string): string | null {
  return ledger.submit([given], { publisher }).outcomes[0]!.refusal?.code ?? null;
}

const jointCommand = fc.record({
  by: fc.constantFrom(A, A, B, C),
  action: fc.constantFrom('open', 'open', 'reopen', 'countersign', 'countersign', 'withdraw'),
  issuers: fc.option(
    fc.oneof(
      { weight: 6, arbitrary: fc.uniqueArray(fc.constantFrom<string>(B, C), { minLength: 1 }) },
      fc.constant<string[]>([B, STRANGER]),
      fc.uniqueArray(fc.constantFrom<string>(A, B, C, STRANGER), { minLength: 1 }),
    ),
  ),
  file: fc.constantFrom(1, 1, 1, 2, null),
  stale: fc.constantFrom(false, false, false, false, true),
});
type JointCommand = typeof jointCommand extends fc.Arbitrary<infer T> ? T : never;

/** A joint issue in a few lines. */
class JointModel {
  state = 'none';
  awaiting: string[] = [];
  file: number | null = null;

  take({ by, action, issuers, file, stale }: JointCommand): boolean {
    if (stale) return false;
    if (action === 'countersign') {
      if (!this.awaiting.includes(by) || file !== this.file) return false;
      this.#go(
        'open',
        this.awaiting.filter(id => id !== by),
      );
      return true;
    }
    if (by !== A) return false;
    if (action === 'withdraw') {
      // Its file is an enclosure: the text stays.
      if (this.state !== 'waiting') return false;
      this.#go('closed', []);
      return true;
    }
    const from = action === 'open' ? ['none'] : ['waiting', 'open'];
    if (!from.includes(this.state) || file === null) return false;
    if (issuers?.some(id => id === A || id === STRANGER)) return false;
    this.file = file;
    this.#go('open', issuers ?? []);
    return true;
  }

  #go(to: string, awaiting: string[]): void {
    this.awaiting = awaiting;
    this.state = awaiting.length > 0 ? 'waiting' : to;
  }
}

it('joint issues go as a plain model says: every issuer signs the same file, the last puts it in force', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(jointCommand, { minLength: 15, maxLength: 40, size: 'max' }), commands => {
      const ledger = new PlainLedger(JOINT);
      const model = new JointModel();
      for (const command of commands) {
        const { by, action, issuers, file: n, stale } = command;
        const before = standing(ledger, 'together', A, 'x');
        const meta =
          issuers !== null && action.endsWith('open') ? new Map([['issuers', issuers]]) : new Map();
        const code = take(
          ledger,
          entry('x', {
            profile: 'together',
            action,
            digest: n === null ? null : file(n),
            prev: stale ? 1_000_000 : (before?.head ?? null),
            meta,
          }),
          by,
        );
        expect(code === null, `${action} by ${by}: ${code}`).toBe(model.take(command));
        const after = standing(ledger, 'together', A, 'x');
        expect([after?.state ?? 'none', after?.awaiting ?? [], after?.digest ?? null]).toEqual([
          model.state,
          model.awaiting,
          model.file === null ? null : file(model.file),
        ]);
        const event = code ?? `${action} ${before?.state ?? 'none'} ${after!.state}`;
        seen.set(event, (seen.get(event) ?? 0) + 1);
      }
      expect(ledger.root()).toEqual(rootOfValues(ledger.values.values()));
    }),
    { numRuns: 100 },
  );
  for (const event of [
    'open none waiting',
    'open none open',
    'reopen waiting waiting',
    'countersign waiting waiting',
    'countersign waiting open',
    'withdraw waiting closed',
    'not-awaited',
    'digest-mismatch',
    'unknown-issuer',
    'bad-field',
    'not-issuer',
    'digest-required',
    'action-not-allowed',
    'wrong-prev',
  ])
    expect(seen.get(event) ?? 0, event).toBeGreaterThan(0);
});

const linkCommand = fc.record({
  what: fc.constantFrom('note', 'note', 'close', 'want', 'want', 'grant'),
  id: fc.constantFrom('0', '1'),
  to: fc.constantFrom('0', '1'),
  by: fc.constantFrom(A, B),
  owner: fc.option(fc.constantFrom(A, B)),
  /** How far the link's index is from the head of what it links to. */
  off: fc.constantFrom(0, 0, 0, 1, -1, 5),
});

it('links lead to open notes, hand over their owner, and only ever back: there are no cycles', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(linkCommand, { minLength: 15, maxLength: 40, size: 'max' }), commands => {
      const ledger = new PlainLedger(ALL);
      const notes = new Map<string, { open: boolean; owner: string; head: number }>();
      const wants = new Map<string, { open: boolean; owner: string }>();
      for (const { what, id, to, by, owner, off } of commands) {
        const next = ledger.leaves.length;
        const note = notes.get(to);
        const prev =
          standing(ledger, what === 'want' || what === 'grant' ? 'want' : 'note', A, id)?.head ?? null;
        // Nothing to link to yet: the record that this very entry would be.
        const index = Math.max(0, (note?.head ?? next) + off);
        const links = [{ rel: 'of', subject: { issuer: A, id: to }, index }];
        const given = {
          note: entry(id, { meta: owner ? new Map([['owner', owner]]) : new Map() }),
          close: entry(id, { action: 'close', digest: file(1) }),
          want: entry(id, { profile: 'want', links }),
          grant: entry(id, { profile: 'want', action: 'grant' }),
        }[what]!;
        const code = take(ledger, { ...given, prev }, by);
        let taken = false;
        if (what === 'note' && by === A && !notes.has(id)) {
          notes.set(id, { open: true, owner: owner ?? A, head: next });
          taken = true;
        } else if (what === 'close' && by === A && notes.get(id)?.open) {
          notes.set(id, { ...notes.get(id)!, open: false, head: next });
          taken = true;
        } else if (what === 'want' && by === A && !wants.has(id) && note?.open && note.head === index) {
          wants.set(id, { open: true, owner: note.owner });
          taken = true;
        } else if (what === 'grant' && wants.get(id)?.open && wants.get(id)!.owner === by) {
          wants.set(id, { open: false, owner: by });
          taken = true;
        }
        expect(code === null, `${what} by ${by}: ${code}`).toBe(taken);
        for (const [key, { open, owner: whose }] of wants)
          expect(standing(ledger, 'want', A, key)).toMatchObject({
            owner: whose,
            state: open ? 'open' : 'closed',
          });
        const event = code ?? what;
        seen.set(event, (seen.get(event) ?? 0) + 1);
      }
      for (const [index, bytes] of ledger.leaves.entries())
        for (const link of unwrap(decode(leafCodec, bytes)).entry.value.links)
          expect(link.index).toBeLessThan(index);
      expect(ledger.root()).toEqual(rootOfValues(ledger.values.values()));
    }),
    { numRuns: 100 },
  );
  for (const event of ['want', 'grant', 'unknown-link', 'stale-link', 'link-state', 'not-owner'])
    expect(seen.get(event) ?? 0, event).toBeGreaterThan(0);
});
