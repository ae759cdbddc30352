import {
  type Digest,
  type Entry,
  encode,
  type Genesis,
  genesisCodec,
  type LinkRule,
  type MetaValue,
  namedId,
  type Profile,
  type ProfileAction,
  type ProfileField,
  portableSuite,
  readGenesis,
} from '@qifeng/core';
import { keyOf, PlainLedger, testChain, unwrap } from '../../packages/core/src/execution/testing/ledger.ts';

const ISSUER = '11100000000013338W';
const OTHER = '11430000006122244L';
const SUPERVISOR = '91350100M000100Y43';
const DIGEST: Digest = { alg: 'sha256', hash: new Uint8Array(32).fill(7) };
const NONE = 'none';

/** A value of each field format. */
const VALUES: Readonly<Record<ProfileField['type'], MetaValue>> = {
  text: '演示',
  texts: ['演示'],
  integer: 1,
  boolean: true,
  date: '2026-11-02',
  uscc: OTHER,
  region: '110000',
  'document-number': '演发〔2026〕1号',
  'certificate-id': '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U',
  digest: `sha256:${'0'.repeat(64)}`,
  'bill-code': '11010126',
  'bill-number': '0000000001',
  'invoice-number': '26112000000000000001',
  'index-number': '000014349/2020-00046',
  'document-kind': '通知',
  code: 'GB00001F00010001',
  issuers: [OTHER],
};

/** A subject on its way through its profile. */
interface Walker {
  readonly profile: Profile;
  readonly id: string;
  /** Tells it from others by the fields that name it. */
  readonly n: number;
  state: string;
  head: number | null;
  owner: string;
}

/** A ledger on which profiles are walked with the real rules of execution. */
class Walk {
  readonly #profiles: readonly Profile[];
  readonly #ledger: PlainLedger;
  #subjects = 0;
  /** Profiles and states on the way to which we are: one that needs itself is never reached. */
  readonly #reaching = new Set<string>();

  constructor(profiles: readonly Profile[]) {
    this.#profiles = profiles;
    this.#ledger = new PlainLedger(chainWith(profiles));
  }

  begin(profile: Profile): Walker {
    const n = ++this.#subjects;
    const id = profile.privacy === 'sealed' ? n.toString(16).padStart(64, '0') : `演示-${n}`;
    return { profile, id: named(profile, n) ?? id, n, state: NONE, head: null, owner: ISSUER };
  }

  /** Takes an action, its fields all filled and its relations used; the code of its refusal, or null. */
  take(walker: Walker, action: ProfileAction, joint = false, rules = linksOf(action)): string | null {
    const { profile, id, n, head } = walker;
    const links = rules.map(rule => {
      const target = this.#target(rule);
      return {
        rel: rule.rel,
        subject: { issuer: ISSUER, id: target.id },
        index: target.head ?? -1,
        rule,
        target,
      };
    });
    if (links.some(({ index }) => index < 0)) return 'no-such-link';
    const sealed = profile.privacy === 'sealed';
    const entry: Entry = {
      profile: profile.name,
      action: action.name,
      subject: { issuer: ISSUER, id },
      digest: action.digest === 'none' ? null : DIGEST,
      prev: head,
      links: links.map(({ rel, subject, index }) => ({ rel, subject, index })),
      meta: new Map(
        action.fields
          .filter(({ type }) => type !== 'issuers' || joint)
          .map(field => [field.name, sealed ? new Uint8Array(32).fill(9) : sample(field, n)]),
      ),
      origin: null,
    };
    const publisher = this.#actor(walker, action);
    const { outcomes } = this.#ledger.submit([entry], { publisher });
    const [outcome] = outcomes;
    if (outcome?.refusal) return outcome.refusal.code;
    walker.head = this.#ledger.leaves.length - 1;
    walker.state = joint ? awaitingOf(profile) : action.to;
    const linked = links.find(({ rule }) => rule.owner)?.target.owner;
    const named = sealed
      ? undefined
      : action.fields.find(({ name, type }) => name === 'owner' && type === 'uscc');
    walker.owner = linked ?? (named === undefined ? walker.owner : OTHER);
    return null;
  }

  /** A subject of a profile in one of these states, by the shortest way; null where there is none. */
  reach(profile: Profile, states: readonly string[]): Walker | null {
    const ways: { readonly state: string; readonly way: readonly Move[] }[] = [{ state: NONE, way: [] }];
    const seen = new Set([NONE]);
    for (const { state, way } of ways) {
      if (states.includes(state)) {
        const walker = this.begin(profile);
        return way.every(move => this.#follow(walker, move)) ? walker : null;
      }
      for (const action of profile.actions.filter(({ from }) => from.includes(state)))
        for (const joint of isJoint(action) ? [false, true] : [false]) {
          const to = joint ? awaitingOf(profile) : action.to;
          if (seen.has(to)) continue;
          seen.add(to);
          ways.push({ state: to, way: [...way, { action, joint }] });
        }
    }
    return null;
  }

  /** Takes an action with no more relations than it needs. */
  #follow(walker: Walker, { action, joint }: Move): boolean {
    const needed = linksOf(action).filter(({ required }) => required);
    return this.take(walker, action, joint, needed) === null;
  }

  #target({ profile: name, states }: LinkRule): Walker {
    const profile = this.#profiles.find(one => one.name === name);
    if (profile === undefined) return { ...this.begin(this.#profiles[0]!), id: 'none' };
    const wanted = states.length > 0 ? states : profile.states.map(state => state.name);
    const goal = `${name} ${wanted.join()}`;
    if (this.#reaching.has(goal)) return this.begin(profile);
    this.#reaching.add(goal);
    const reached = this.reach(profile, wanted);
    this.#reaching.delete(goal);
    return reached ?? this.begin(profile);
  }

  #actor({ state, owner, profile }: Walker, { by, name }: ProfileAction): string {
    if (state === NONE || by === 'issuer') return ISSUER;
    if (by === 'home-member') return SUPERVISOR;
    return by === 'any-publisher' || (name === 'countersign' && state === awaitingOf(profile))
      ? OTHER
      : owner;
  }
}

interface Move {
  readonly action: ProfileAction;
  readonly joint: boolean;
}

/**
 * What cannot be done of what profiles promise: actions that no subject can take from one of their states with every field
 * filled and every relation used.
 */
export function walkFlaws(profiles: readonly Profile[]): string[] {
  const walk = new Walk(profiles);
  return profiles.flatMap(profile =>
    profile.actions.flatMap(action =>
      action.from.flatMap(from => {
        const walker = from === NONE ? walk.begin(profile) : walk.reach(profile, [from]);
        if (walker === null) return [`${profile.name}: nothing comes to ${from}`];
        const code = walk.take(walker, action);
        return code === null ? [] : [`${profile.name} ${action.name} from ${from}: ${code}`];
      }),
    ),
  );
}

/** The rules of an action, the first of each relation. */
function linksOf({ links }: ProfileAction): LinkRule[] {
  return links.filter(({ rel }, i) => links.findIndex(other => other.rel === rel) === i);
}

/** The id of the n-th subject of a profile whose fields name it, or null. */
function named({ namedBy, actions }: Profile, n: number): string | null {
  const fields = actions.find(({ from }) => from.includes(NONE))?.fields ?? [];
  return namedBy === undefined
    ? null
    : namedId(namedBy, new Map(fields.map(field => [field.name, sample(field, n)])));
}

function sample({ name, type }: ProfileField, n: number): MetaValue {
  if (type === 'code') return `GB${n}`;
  if (type === 'bill-number') return String(n).padStart(10, '0');
  if (type === 'invoice-number') return String(n).padStart(20, '0');
  return name === 'secrecy' ? '公开' : VALUES[type];
}

function isJoint({ fields }: ProfileAction): boolean {
  return fields.some(({ type }) => type === 'issuers');
}

function awaitingOf({ states }: Profile): string {
  return states.find(({ standing }) => standing === 'awaiting')?.name ?? NONE;
}

/** A chain with these profiles, an issuer and another in every profile, and a supervisor of the issuer's home. */
function chainWith(profiles: readonly Profile[]) {
  const { genesis } = testChain(profiles);
  const publisher = (id: string, roles: Genesis['publishers'][number]['roles']) => ({
    id,
    name: `演示 ${id}`,
    home: '110000',
    keys: [keyOf(id)],
    roles,
    quota: 0,
  });
  const supervisor = profiles.map(({ name }) => ({ profile: name, role: 'supervisor' as const }));
  const publishers = [
    publisher(ISSUER, []),
    publisher(OTHER, []),
    publisher(
      SUPERVISOR,
      supervisor.sort((a, b) => (a.profile < b.profile ? -1 : 1)),
    ),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
  return unwrap(readGenesis(encode(genesisCodec, { ...genesis, publishers }), portableSuite));
}
