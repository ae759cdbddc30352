import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Profile, ProfileAction, ProfileField } from '../records/profile.ts';
import { issuersField } from '../records/profile-flaw.ts';
import { A, B, C, rootOfValues, STRANGER } from './testing/ledger.ts';
import { relationsOf, SEEDED } from './testing/seeded.ts';
import { type Try, Walk, wayTo } from './testing/walk.ts';

/** Profiles whose random walks recorded an enclosure to a text. */
const enclosing = new Set<string>();
/** Profiles in whose random walks a relation was to a subject that stands otherwise than it asks for. */
const unfit = new Set<string>();

const optionalOf = ({ fields }: ProfileAction) => fields.filter(({ required }) => !required);
const step = fc.record({
  action: fc.nat(),
  by: fc.constantFrom(A, A, A, B, C, STRANGER),
  file: fc.boolean(),
  other: fc.constantFrom(false, false, true),
  /** Which of the optional fields are sent, a bit each. */
  sent: fc.oneof(fc.constant(0), fc.nat(2 ** 30 - 1)),
  days: fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 8, max: 28 })),
  /** Takes one of the actions that the state allows, or any. */
  lost: fc.constantFrom(false, false, false, true),
  /** Uses one of the relations that the action may have, to whatever state. */
  relation: fc.option(fc.tuple(fc.nat(), fc.nat())),
  /** By somebody who may, with a file if it needs one; or however it comes. */
  apt: fc.constantFrom(true, true, false),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What a step tries in the state that a walk is in. */
function tryOf(
  walk: Walk,
  { actions }: Profile,
  { action: n, sent, lost, apt, relation, ...given }: Step,
): Try {
  const fitting = walk.fitting();
  const choices = lost ? actions : fitting;
  const action = choices[n % choices.length]!;
  const needs = ['required', 'enclosed'].includes(action.digest);
  const optional = optionalOf(action).filter((_, k) => ((sent >> (k % 30)) & 1) === 1);
  const rules = relationsOf(action);
  const aims =
    relation === null || rules.length === 0
      ? []
      : [walk.aim(rules[relation[0] % rules.length]!, relation[1])];
  if (!apt) return { ...given, action, optional, aims };
  const file = needs || (given.file && action.digest !== 'none');
  return { ...given, action, optional, aims, by: walk.entitled(action), file, other: false };
}

describe('a history of each profile goes as its own table says', () => {
  it.each(SEEDED.map(profile => [profile.name, profile] as const))('%s, at random', (_, profile) => {
    const taken = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }), steps => {
        const walk = new Walk(profile);
        for (const [i, one] of steps.entries()) {
          if (walk.fitting().length === 0) walk.next();
          walk.take(tryOf(walk, profile, one));
          if (i % 10 === 0) expect(walk.ledger.root()).toEqual(rootOfValues(walk.ledger.values.values()));
        }
        expect(walk.ledger.root()).toEqual(rootOfValues(walk.ledger.values.values()));
        for (const action of walk.taken) taken.add(action);
        if (walk.enclosed) enclosing.add(profile.name);
        if (walk.unfit) unfit.add(profile.name);
      }),
      { numRuns: 12 },
    );
    // A walk that nothing comes of would show nothing; which actions there are at all is seen below.
    expect(taken.size).toBeGreaterThanOrEqual(Math.ceil(profile.actions.length / 2));
  });

  it.each(SEEDED.map(profile => [profile.name, profile] as const))(
    '%s, by every action, with and without its optional fields',
    (_, profile) => {
      for (const full of [false, true]) {
        const walk = new Walk(profile);
        const go = (action: ProfileAction, optional: readonly ProfileField[]) => {
          const file = ['required', 'enclosed'].includes(action.digest);
          walk.take({ action, by: walk.entitled(action), file, optional, aims: [], days: [8, 8] });
        };
        const reached = new Set<string>();
        for (const action of profile.actions) {
          for (const [before, joint] of wayTo(profile, action.from))
            go(before, joint ? before.fields.filter(({ name }) => name === issuersField(before)) : []);
          const { version } = walk.model;
          go(action, full ? optionalOf(action) : []);
          if (walk.model.version > version) reached.add(action.name);
          walk.next();
        }
        expect([...reached]).toEqual(profile.actions.map(({ name }) => name));
      }
    },
  );

  it('and files that only accompanied an action were among them', () => {
    expect(enclosing.size).toBeGreaterThan(5);
  });

  it('and relations to what stands otherwise than they ask for', () => {
    expect(unfit).toContain('policy');
  });
});
