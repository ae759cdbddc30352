import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableHasher } from '../crypto/hasher.ts';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import type { Entry, Link, MetaValue } from '../records/entry.ts';
import { namedId } from '../records/naming.ts';
import type { LinkRule, Profile, ProfileAction, ProfileField } from '../records/profile.ts';
import { profileFromJson } from '../records/profile-json.ts';
import { sealEntry } from '../records/sealed.ts';
import { publisherValueCodec, type SubjectValue, stateName, subjectValueCodec } from '../records/state.ts';
import {
  A,
  B,
  entry,
  keyOf,
  PlainLedger,
  rootOfValues,
  STRANGER,
  testChain,
  unwrap,
} from './testing/ledger.ts';

const FOLDER = new URL('../../../../seeds/profiles/', import.meta.url);
const PROFILES: readonly Profile[] = readdirSync(FOLDER)
  .filter(name => name.endsWith('.json'))
  .map(name => unwrap(profileFromJson(readFileSync(new URL(name, FOLDER), 'utf8'))))
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));
const CHAIN = testChain(PROFILES);

const SAMPLES: Readonly<Record<ProfileField['type'], MetaValue>> = {
  text: '演示',
  texts: ['演示'],
  integer: 1,
  boolean: true,
  date: '2026-05-08',
  uscc: B,
  region: '110000',
  'document-number': '演发〔2026〕1号',
  'certificate-id': '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U',
  digest: `sha256:${'a0'.repeat(32)}`,
  'bill-code': '11060120',
  'bill-number': '0000000001',
  'invoice-number': '26112000000000000001',
  'index-number': '000014349/2020-00046',
  'document-kind': '通知',
  code: 'GB00001F00010001',
  issuers: [B],
};

const profileOf = (name: string) => PROFILES.find(profile => profile.name === name)!;
/** A value of a field; those that name subjects tell one from another. */
function sampleOf({ type }: Pick<ProfileField, 'type'>, id: string): MetaValue {
  const hex = portableHex(id).toUpperCase();
  if (type === 'code') return hex.slice(0, 28);
  const digits = { 'bill-number': 10, 'invoice-number': 20 }[type as string];
  return digits === undefined ? SAMPLES[type] : hex.replace(/[A-F]/g, '7').slice(0, digits);
}

function idOf({ privacy, namedBy, actions }: Profile, id: string): string {
  if (privacy === 'sealed') return portableHex(id);
  if (namedBy === undefined) return id;
  const { fields } = actions.find(({ from }) => from.includes('none'))!;
  return namedId(namedBy, new Map(fields.map(field => [field.name, sampleOf(field, id)])))!;
}

const portableHex = (text: string) => toHex(portableHasher.digest(Buffer.from(text)));
let salts = 0;

/** An entry of an action with its required fields, sealed where the profile is. */
function entryOf(profile: Profile, { name, fields }: ProfileAction, id: string, over: Partial<Entry>): Entry {
  const required = fields.filter(field => field.required);
  const plain = entry(profile.privacy === 'sealed' ? id : idOf(profile, id), {
    profile: profile.name,
    action: name,
    meta: new Map(required.map(field => [field.name, sampleOf(field, id)])),
    ...over,
  });
  if (profile.privacy === 'public') return plain;
  const salt = () => portableHasher.digest(Buffer.from(String(salts++)));
  return sealEntry(plain, idOf(profile, id), portableHasher, salt).entry;
}

function standing(ledger: PlainLedger, profile: Profile, id: string): SubjectValue | null {
  const bytes = ledger.value(stateName('subject', profile.name, A, idOf(profile, id)));
  return bytes === null ? null : unwrap(decode(subjectValueCodec, bytes));
}

/** A ledger on which STRANGER supervises this profile for the home member of A, and does nothing else. */
function supervised({ name: profile }: Profile): PlainLedger {
  const ledger = new PlainLedger(CHAIN);
  const name = stateName('publisher', STRANGER);
  const issuer = unwrap(decode(publisherValueCodec, ledger.value(stateName('publisher', A))!));
  const roles = [{ profile, role: 'supervisor' as const }];
  const value = encode(publisherValueCodec, { ...issuer, keys: [keyOf(STRANGER)], roles });
  ledger.put([[name, value]]);
  return ledger;
}

const fileOf = (n: number) => ({ alg: 'sha256', hash: new Uint8Array(32).fill(n) }) as const;
const FILE = fileOf(1);
/** Profiles whose walks recorded an enclosure to a text. */
const enclosing = new Set<string>();
/** Profiles in whose walks a relation was to a subject that stands otherwise than it asks for. */
const unfit = new Set<string>();

/** What the issuer may do from a state with no relation to anything. */
function ownFrom({ actions }: Profile, state: string): readonly ProfileAction[] {
  return actions.filter(
    ({ from, by, links }) =>
      from.includes(state) && by === 'issuer' && !links.some(({ required }) => required),
  );
}

const begins = (profile: Profile) => ownFrom(profile, 'none').length > 0;

/** A link, and the state of what it names. */
interface Aim {
  readonly link: Link;
  readonly rule: LinkRule;
  readonly state: string;
}

/**
 * A link to a new subject which A's own actions lead to: in a state that the rule asks for, or with `further` in any, at its
 * beginning or one action later.
 */
function target(ledger: PlainLedger, rule: LinkRule, id: string, further?: number): Aim {
  const profile = profileOf(rule.profile);
  const { states } = rule;
  const wanted = further === undefined && states.length > 0 ? states : null;
  const first = ownFrom(profile, 'none').find(({ to }) => wanted?.includes(to) ?? true)!;
  const later = ownFrom(profile, first.to);
  const next = further === undefined ? undefined : [undefined, ...later][further % (later.length + 1)];
  for (const action of next === undefined ? [first] : [first, next]) {
    const digest = action.digest === 'none' ? null : FILE;
    const prev = action === first ? null : ledger.leaves.length - 1;
    const { outcomes } = ledger.submit([entryOf(profile, action, id, { digest, prev })]);
    expect(outcomes[0]!.refusal).toBeNull();
  }
  const subject = { issuer: A, id: idOf(profile, id) };
  return {
    link: { rel: rule.rel, subject, index: ledger.leaves.length - 1 },
    rule,
    state: (next ?? first).to,
  };
}

const step = fc.record({
  action: fc.nat(),
  by: fc.constantFrom(A, A, A, B, STRANGER),
  file: fc.boolean(),
  /** Takes one of the actions that the state allows, or any. */
  lost: fc.constantFrom(false, false, false, true),
  /** Uses one of the relations that the action may have, to whatever state. */
  relation: fc.option(fc.tuple(fc.nat(), fc.nat())),
});

describe('a random history of each profile goes as its own table says', () => {
  it.each(PROFILES.map(profile => [profile.name, profile] as const))('%s', (_, profile) => {
    const taken = new Set<string>();
    const possible = profile.actions.filter(({ name }) => name !== 'countersign');
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }), steps => {
        const ledger = supervised(profile);
        let model: { state: string; owner: string; version: number; text: Entry['digest'] } = {
          state: 'none',
          owner: A,
          version: 0,
          text: null,
        };
        for (const [i, { action: n, by, file, lost, relation }] of steps.entries()) {
          const fitting = possible.filter(({ from }) => from.includes(model.state));
          const choices = lost || fitting.length === 0 ? profile.actions : fitting;
          const action = choices[n % choices.length]!;
          const needed = action.links.filter(({ required }) => required);
          const free = action.links.filter(({ required, profile: of }) => !required && begins(profileOf(of)));
          const aims = needed.map((rule, k) => target(ledger, rule, `target ${i} ${k}`));
          if (relation !== null && free.length > 0)
            aims.push(target(ledger, free[relation[0] % free.length]!, `target ${i}`, relation[1]));
          const linked = aims.every(
            ({ rule: { states }, state }) => states.length === 0 || states.includes(state),
          );
          if (!linked) unfit.add(profile.name);
          const head = standing(ledger, profile, 'x')?.head ?? null;
          const given = entryOf(profile, action, 'x', {
            digest: file ? fileOf(i) : null,
            prev: head,
            links: aims.map(({ link }) => link),
          });
          const code = ledger.submit([given], { publisher: by }).outcomes[0]!.refusal?.code ?? null;
          const entitled =
            model.state === 'none'
              ? by === A
              : {
                  issuer: by === A,
                  named: by === model.owner,
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
          const isTaken =
            entitled && action.from.includes(model.state) && fits && linked && action.name !== 'countersign';
          expect(code === null, `${action.name} by ${by} in ${model.state}: ${code}`).toBe(isTaken);
          if (isTaken) {
            // In the open a required owner is B, as in the samples; and whose the linked subject is, A.
            const named = action.fields.some(
              ({ name, type, required }) => name === 'owner' && type === 'uscc' && required,
            );
            const owner =
              profile.privacy === 'public' && named
                ? B
                : aims.some(({ rule }) => rule.owner)
                  ? A
                  : model.owner;
            const isText = ['required', 'optional'].includes(action.digest);
            const text = isText ? (given.digest ?? model.text) : model.text;
            if (!isText && given.digest !== null && text !== null) enclosing.add(profile.name);
            model = { state: action.to, owner, version: model.version + 1, text };
            taken.add(action.name);
          }
          const value = standing(ledger, profile, 'x');
          expect([
            value?.state ?? 'none',
            value?.owner ?? A,
            value?.version ?? 0,
            value?.digest ?? null,
          ]).toEqual([model.state, model.owner, model.version, model.text]);
          if (i % 10 === 0) expect(ledger.root()).toEqual(rootOfValues(ledger.values.values()));
        }
        expect(ledger.root()).toEqual(rootOfValues(ledger.values.values()));
      }),
      { numRuns: 12 },
    );
    // Most actions are reached by such walks; a profile none of whose actions is would show nothing.
    expect(taken.size).toBeGreaterThanOrEqual(Math.ceil(possible.length / 2));
  });

  it('and files that only accompanied an action were among them', () => {
    expect(enclosing.size).toBeGreaterThan(5);
  });

  it('and relations to what stands otherwise than they ask for', () => {
    expect(unfit).toContain('policy');
  });
});
