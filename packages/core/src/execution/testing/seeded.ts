import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { portableHasher } from '../../crypto/hasher.ts';
import { toHex } from '../../encoding/bytes.ts';
import { decode, encode } from '../../encoding/codec.ts';
import type { Entry, Link, MetaValue } from '../../records/entry.ts';
import { namedId } from '../../records/naming.ts';
import type { LinkRule, Profile, ProfileAction, ProfileField } from '../../records/profile.ts';
import { profileFromJson } from '../../records/profile-json.ts';
import { sealEntry } from '../../records/sealed.ts';
import { publisherValueCodec, type SubjectValue, stateName, subjectValueCodec } from '../../records/state.ts';
import { A, B, C, entry, keyOf, PlainLedger, STRANGER, testChain, unwrap } from './ledger.ts';

const FOLDER = new URL('../../../../../seeds/profiles/', import.meta.url);
/** The profiles of the seeds, by name. */
export const SEEDED: readonly Profile[] = readdirSync(FOLDER)
  .filter(name => name.endsWith('.json'))
  .map(name => unwrap(profileFromJson(readFileSync(new URL(name, FOLDER), 'utf8'))))
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));
const CHAIN = testChain(SEEDED);

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
  issuers: [C, B],
};

const profileOf = (name: string) => SEEDED.find(profile => profile.name === name)!;
/** A value of a field; those that name subjects tell one from another, and a 密级 would refuse its record. */
export function sampleOf({ name, type }: Pick<ProfileField, 'name' | 'type'>, id: string): MetaValue {
  if (name === 'secrecy') return '公开';
  const hex = portableHex(id).toUpperCase();
  if (type === 'code') return hex.slice(0, 28);
  const digits = { 'bill-number': 10, 'invoice-number': 20 }[type as string];
  return digits === undefined ? SAMPLES[type] : hex.replace(/[A-F]/g, '7').slice(0, digits);
}

/** The id of a subject of a profile, from a text of its own. */
function idOf({ privacy, namedBy, actions }: Profile, id: string): string {
  if (privacy === 'sealed') return portableHex(id);
  if (namedBy === undefined) return id;
  const { fields } = actions.find(({ from }) => from.includes('none'))!;
  return namedId(namedBy, new Map(fields.map(field => [field.name, sampleOf(field, id)])))!;
}

const portableHex = (text: string) => toHex(portableHasher.digest(Buffer.from(text)));
let salts = 0;

/** An entry of an action with its required fields, sealed where the profile is; `more` are further fields, or other values. */
export function entryOf(
  profile: Profile,
  { name, fields }: ProfileAction,
  id: string,
  over: Partial<Omit<Entry, 'meta'>>,
  more: Entry['meta'] = new Map(),
): Entry {
  const required = fields.filter(field => field.required);
  const plain = entry(profile.privacy === 'sealed' ? id : idOf(profile, id), {
    profile: profile.name,
    action: name,
    meta: new Map([...required.map(field => [field.name, sampleOf(field, id)] as const), ...more]),
    ...over,
  });
  if (profile.privacy === 'public') return plain;
  const salt = () => portableHasher.digest(Buffer.from(String(salts++)));
  return sealEntry(plain, idOf(profile, id), portableHasher, salt).entry;
}

/** What the ledger holds of a subject of A, or null. */
export function standing(ledger: PlainLedger, profile: Profile, id: string): SubjectValue | null {
  const bytes = ledger.value(stateName('subject', profile.name, A, idOf(profile, id)));
  return bytes === null ? null : unwrap(decode(subjectValueCodec, bytes));
}

/** A ledger on which STRANGER supervises this profile for the home member of A, and does nothing else; C may use it as well. */
export function supervised({ name: profile }: Profile): PlainLedger {
  const ledger = new PlainLedger(CHAIN);
  const issuer = unwrap(decode(publisherValueCodec, ledger.value(stateName('publisher', A))!));
  const enrol = (id: string, roles: typeof issuer.roles) => {
    const value = encode(publisherValueCodec, { ...issuer, keys: [keyOf(id)], roles });
    ledger.put([[stateName('publisher', id), value]]);
  };
  enrol(STRANGER, [{ profile, role: 'supervisor' }]);
  enrol(C, []);
  return ledger;
}

/** A file, told from others by a number. */
export const fileOf = (n: number) => ({ alg: 'sha256', hash: new Uint8Array(32).fill(n) }) as const;

/** What the issuer may do from a state with no relation to anything. */
function ownFrom({ actions }: Profile, state: string): readonly ProfileAction[] {
  return actions.filter(
    ({ from, by, links }) =>
      from.includes(state) && by === 'issuer' && !links.some(({ required }) => required),
  );
}

/** The relations that an action may have and need not, to what A's own actions lead to. */
export function relationsOf({ links }: ProfileAction): readonly LinkRule[] {
  return links.filter(({ required, profile }) => !required && ownFrom(profileOf(profile), 'none').length > 0);
}

/** A link, and the state of what it names. */
export interface Aim {
  readonly link: Link;
  readonly rule: LinkRule;
  readonly state: string;
}

/**
 * A link to a new subject which A's own actions lead to: in a state that the rule asks for, or with `further` in any, at its
 * beginning or one action later.
 */
export function target(ledger: PlainLedger, rule: LinkRule, id: string, further?: number): Aim {
  const profile = profileOf(rule.profile);
  const { states } = rule;
  const wanted = further === undefined && states.length > 0 ? states : null;
  const first = ownFrom(profile, 'none').find(({ to }) => wanted?.includes(to) ?? true)!;
  const later = ownFrom(profile, first.to);
  const next = further === undefined ? undefined : [undefined, ...later][further % (later.length + 1)];
  for (const action of next === undefined ? [first] : [first, next]) {
    const digest = action.digest === 'none' ? null : fileOf(1);
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
