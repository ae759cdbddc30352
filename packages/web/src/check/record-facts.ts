import type { Names } from '@qifeng/client';
import {
  type Chain,
  type Cosigner,
  type Disclosed,
  digestText,
  encloses,
  type Leaf,
  type MetaValue,
  type Profile,
  shownFlaws,
  shownValidity,
  subjectText,
  toHex,
  type VerifiedReceipt,
} from '@qifeng/core';
import type {
  ChainFacts,
  CosignerFacts,
  DisclosedFacts,
  PlaceFacts,
  PublisherFacts,
  RecordFacts,
  Titles,
} from './facts.ts';

/** What the page shows of a chain. */
export function chainFacts({ genesis, hash, origin, validators }: Chain): ChainFacts {
  return { hash: toHex(hash), name: genesis.name, origin, validators: validators.length };
}

/** What the page shows of a verified receipt; the dates of a sealed record are judged at `now`, in ms. */
export function recordFacts(verified: VerifiedReceipt, names: Names, now: number): RecordFacts {
  const { leaf, cosigners, validators, index, recordedAt, existedNoLaterThan, disclosed } = verified;
  const { subject, digest, profile, meta } = leaf.entry.value;
  const title = (disclosed?.meta ?? meta).get('title');
  return {
    recordedAt,
    existedNoLaterThan,
    index,
    of: validators,
    height: leaf.height,
    publisher: publisherFacts(leaf.publisher, names),
    subject: subjectText({ profile, subject }),
    title: typeof title === 'string' ? title : null,
    ...deedOf(leaf, names),
    cosigners: cosignerFacts(cosigners, names.chain),
    digest: digest === null ? null : digestText(digest),
    encloses: digest !== null && isEnclosed(leaf, names),
    disclosed: disclosed && disclosedFacts(disclosed, leaf, names, now),
  };
}

/** A publisher by its code. */
export function publisherFacts(id: string, names: Names): PublisherFacts {
  return { id, name: names.publisher(id) };
}

/** The members behind cosignatures. */
export function cosignerFacts(cosigners: readonly Cosigner[], { genesis }: Chain): CosignerFacts[] {
  return cosigners.map(({ code }) => {
    const member = genesis.members.find(({ code: known }) => known === code);
    return { code, title: member === undefined ? same(code) : { zh: member.nameZh, en: member.nameEn } };
  });
}

/** The newest version that is known of a profile, null for none. */
export function profileIn(names: Names, name: string): Profile | null {
  return names.profile(name)?.profile ?? null;
}

/** A name that has no titles. */
export function same(name: string): Titles {
  return { zh: name, en: name };
}

/** Profile and action by their titles where the profile is known, else by their names. */
function deedOf({ entry }: Leaf, names: Names): { profile: Titles; action: Titles } {
  const { profile, action } = entry.value;
  const known = profileIn(names, profile);
  const deed = known?.actions.find(({ name }) => name === action);
  return { profile: known?.title ?? same(profile), action: deed?.title ?? same(action) };
}

function isEnclosed({ entry }: Leaf, names: Names): boolean {
  const { profile, action } = entry.value;
  const rule = profileIn(names, profile)?.actions.find(({ name }) => name === action);
  return rule !== undefined && encloses(rule);
}

function disclosedFacts(disclosed: Disclosed, { entry }: Leaf, names: Names, now: number): DisclosedFacts {
  const { digest, meta, origin, links, hidden } = disclosed;
  const { profile, action } = entry.value;
  const known = profileIn(names, profile);
  const fields = known?.actions.find(({ name }) => name === action)?.fields ?? [];
  const flaws = known === null ? [] : shownFlaws(known, action, meta);
  const place = (name: string, value: string | null): PlaceFacts => ({
    place: name,
    title: fields.find(field => field.name === name)?.title ?? null,
    value,
    flaw: (value !== null && flaws.find(({ field }) => field === name)?.code) || null,
  });
  const validity = shownValidity(disclosed, now);
  return {
    places: [
      ...[...meta].map(([name, value]) => place(name, metaText(value))),
      ...(origin === null
        ? []
        : [place('origin', [origin.method, origin.tool, origin.operator].join(' / '))]),
      ...[...links].map(([i, { rel, subject, index }]) =>
        place(`link ${i}`, `${rel} ${subject.issuer}/${subject.id} @${index}`),
      ),
      ...(digest === null ? [] : [place('digest', digestText(digest))]),
      ...hidden.map(name => place(name, null)),
    ],
    validity: validity && { from: validity.validFrom, to: validity.validTo, word: validity.word },
  };
}

function metaText(value: MetaValue): string {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'object' && value !== null ? `[${value.map(metaText).join(', ')}]` : String(value);
}
