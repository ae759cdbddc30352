import {
  type Chain,
  type Cosigner,
  type Disclosed,
  digestText,
  type Leaf,
  type MetaValue,
  type Profile,
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
export function recordFacts(verified: VerifiedReceipt, chain: Chain, now: number): RecordFacts {
  const { leaf, cosigners, validators, index, recordedAt, existedNoLaterThan, disclosed } = verified;
  const { subject, digest, profile, meta } = leaf.entry.value;
  const title = (disclosed?.meta ?? meta).get('title');
  return {
    recordedAt,
    existedNoLaterThan,
    index,
    of: validators,
    height: leaf.height,
    publisher: publisherFacts(leaf.publisher, chain),
    subject: subjectText({ profile, subject }),
    title: typeof title === 'string' ? title : null,
    ...deedOf(leaf, chain),
    cosigners: cosignerFacts(cosigners, chain),
    digest: digest === null ? null : digestText(digest),
    disclosed: disclosed && disclosedFacts(disclosed, leaf, chain, now),
  };
}

/** A publisher by its code. */
export function publisherFacts(id: string, { genesis }: Chain): PublisherFacts {
  return { id, name: genesis.publishers.find(known => known.id === id)?.name ?? null };
}

/** The members behind cosignatures. */
export function cosignerFacts(cosigners: readonly Cosigner[], { genesis }: Chain): CosignerFacts[] {
  return cosigners.map(({ code }) => {
    const member = genesis.members.find(({ code: known }) => known === code);
    return { code, title: member === undefined ? same(code) : { zh: member.nameZh, en: member.nameEn } };
  });
}

/** A profile that the genesis holds, null for one that came later. */
export function profileIn({ genesis }: Chain, name: string): Profile | null {
  return genesis.profiles.find(known => known.name === name) ?? null;
}

/** A name that has no titles. */
export function same(name: string): Titles {
  return { zh: name, en: name };
}

/** Profile and action by their titles where the genesis holds the profile, else by their names. */
function deedOf({ entry }: Leaf, chain: Chain): { profile: Titles; action: Titles } {
  const { profile, action } = entry.value;
  const known = profileIn(chain, profile);
  const deed = known?.actions.find(({ name }) => name === action);
  return { profile: known?.title ?? same(profile), action: deed?.title ?? same(action) };
}

function disclosedFacts(disclosed: Disclosed, { entry }: Leaf, chain: Chain, now: number): DisclosedFacts {
  const { digest, meta, origin, links, hidden } = disclosed;
  const { profile, action } = entry.value;
  const fields = profileIn(chain, profile)?.actions.find(({ name }) => name === action)?.fields ?? [];
  const place = (name: string, value: string | null): PlaceFacts => ({
    place: name,
    title: fields.find(field => field.name === name)?.title ?? null,
    value,
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
