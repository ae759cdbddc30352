import { expect } from 'vitest';
import type { Entry } from '../../records/entry.ts';
import type { LinkRule, Profile, ProfileAction, ProfileField } from '../../records/profile.ts';
import { awaitingState, COUNTERSIGN, issuersField } from '../../records/profile-flaw.ts';
import { A, B, C, type PlainLedger, STRANGER } from './ledger.ts';
import { type Aim, entryOf, fileOf, sampleOf, standing, supervised, target } from './seeded.ts';

/** One try of an action. */
export interface Try {
  readonly action: ProfileAction;
  readonly by: string;
  /** A new file, or of a countersignature the text that it is of; `other` is another file there, too. */
  readonly file: boolean;
  readonly other?: boolean;
  /** The optional fields that are sent. */
  readonly optional: readonly ProfileField[];
  /** The links besides those that the action needs. */
  readonly aims: readonly Aim[];
  /** Days of May 2026 on which the validity begins and ends, where that is sent. */
  readonly days: readonly [from: number, to: number];
}

const day = (n: number) => `2026-05-${String(n).padStart(2, '0')}`;
const NEW = {
  state: 'none',
  owner: A as string,
  version: 0,
  text: null as Entry['digest'],
  validFrom: null as string | null,
  validTo: null as string | null,
  awaiting: [] as readonly string[],
};

/** Subjects of one profile on a ledger, one after another, beside what its table says of them. */
export class Walk {
  readonly ledger: PlainLedger;
  readonly #profile: Profile;
  #subjects = 0;
  #tries = 0;
  #targets = 0;
  /** Actions that were taken. */
  readonly taken = new Set<string>();
  /** An enclosure to a text was recorded. */
  enclosed = false;
  /** An action was refused only because a relation was to a subject that stands otherwise than it asks for. */
  unfit = false;
  /** What the table says of the present subject. */
  model = NEW;

  constructor(profile: Profile) {
    this.#profile = profile;
    this.ledger = supervised(profile);
  }

  /** Goes on to another subject. */
  next(): void {
    this.#subjects++;
    this.model = NEW;
  }

  /** Actions that start from the present state. */
  fitting(): readonly ProfileAction[] {
    return this.#profile.actions.filter(({ from }) => from.includes(this.model.state));
  }

  /** Somebody who may take an action now. */
  entitled({ name, by }: ProfileAction): string {
    const { state, owner, awaiting } = this.model;
    if (name === COUNTERSIGN) return awaiting[0] ?? B;
    if (state === 'none') return A;
    return { issuer: A, named: owner, 'any-publisher': B, 'home-member': STRANGER }[by];
  }

  /** A link to a new subject, see `target`. */
  aim(rule: LinkRule, further?: number): Aim {
    return target(this.ledger, rule, `target ${++this.#targets}`, further);
  }

  /** Tries an action, and expects of the ledger what the table says. */
  take({ action, by, file, other = false, optional, aims: further, days }: Try): void {
    const [profile, { ledger, model }] = [this.#profile, this];
    const [i, id] = [++this.#tries, `x${this.#subjects}`];
    const isPublic = profile.privacy === 'public';
    const signs = action.name === COUNTERSIGN;
    const needed = action.links.filter(({ required }) => required);
    const aims = [...needed.map(rule => this.aim(rule)), ...further];
    const links = aims.map(({ link }) => link);
    const dates = new Map([
      ['effective', day(days[0])],
      ['expires', day(days[1])],
    ]);
    const more = new Map(
      optional.map(field => [field.name, dates.get(field.name) ?? sampleOf(field, id)] as const),
    );
    const prev = standing(ledger, profile, id)?.head ?? null;
    const digest = !file ? null : signs && !other ? model.text : fileOf(i);
    const given = entryOf(profile, action, id, { digest, prev, links }, more);
    const code = ledger.submit([given], { publisher: by }).outcomes[0]!.refusal?.code ?? null;

    const { state, owner, awaiting } = model;
    const isEntitled = signs
      ? awaiting.includes(by)
      : state === 'none'
        ? by === A
        : {
            issuer: by === A,
            named: by === owner,
            'any-publisher': by !== STRANGER,
            'home-member': by === STRANGER,
          }[action.by];
    const fits = {
      required: file,
      enclosed: file,
      optional: true,
      'may-enclose': true,
      none: !file,
    }[action.digest];
    const sent = (name: string) => (isPublic && more.has(name) ? dates.get(name)! : null);
    const validFrom = sent('effective') ?? model.validFrom;
    const validTo = sent('expires') ?? model.validTo;
    const isLinked = aims.every(
      ({ rule: { states }, state }) => states.length === 0 || states.includes(state),
    );
    const isOtherwiseFit =
      isEntitled &&
      action.from.includes(state) &&
      fits &&
      !(signs && other) &&
      (validFrom === null || validTo === null || validFrom <= validTo);
    const isTaken = isOtherwiseFit && isLinked;
    if (isOtherwiseFit && !isLinked) this.unfit = true;
    expect(code === null, `${action.name} by ${by} in ${state}: ${code}`).toBe(isTaken);
    if (isTaken) {
      // In the open an owner is B, as in the samples; and whose the linked subject is, A.
      const isNamed = given.meta.has('owner') && isPublic;
      const isText = ['required', 'optional'].includes(action.digest);
      if (!isText && given.digest !== null && model.text !== null) this.enclosed = true;
      const left = signs ? awaiting.filter(one => one !== by) : more.has('issuers') ? [C, B] : [];
      this.model = {
        state: left.length > 0 ? awaitingState(profile)! : action.to,
        owner: isNamed ? B : aims.some(({ rule }) => rule.owner) ? A : owner,
        version: model.version + 1,
        text: isText ? (given.digest ?? model.text) : model.text,
        validFrom,
        validTo,
        awaiting: left,
      };
      this.taken.add(action.name);
    }
    const value = standing(ledger, profile, id);
    expect({
      state: value?.state ?? 'none',
      owner: value?.owner ?? A,
      version: value?.version ?? 0,
      text: value?.digest ?? null,
      validFrom: value?.validFrom ?? null,
      validTo: value?.validTo ?? null,
      awaiting: value?.awaiting ?? [],
    }).toEqual(this.model);
  }
}

/** The shortest way to a state: actions, each with whether it names further issuers, who are then awaited. */
export function wayTo(
  profile: Profile,
  wanted: readonly string[],
): readonly (readonly [ProfileAction, boolean])[] {
  const ways = new Map<string, readonly (readonly [ProfileAction, boolean])[]>([['none', []]]);
  for (const [state, way] of ways) {
    if (wanted.includes(state)) return way;
    for (const action of profile.actions.filter(({ from }) => from.includes(state)))
      for (const joint of issuersField(action) === null ? [false] : [false, true]) {
        const to = joint ? awaitingState(profile)! : action.to;
        if (!ways.has(to)) ways.set(to, [...way, [action, joint]]);
      }
  }
  throw new Error(`no way to ${wanted}`);
}
