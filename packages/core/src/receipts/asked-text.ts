import { toHex } from '../encoding/bytes.ts';
import type { Digest, Entry } from '../records/entry.ts';
import type { Asked } from './asked.ts';

/** What is asked about, as it is typed. */
export function askedText(asked: Asked): string {
  if (asked.kind === 'subject') return subjectText(asked);
  return asked.kind === 'digest' ? digestText(asked) : asked.id;
}

/** A digest as it is typed: `alg:hex`. */
export function digestText({ alg, hash }: Digest): string {
  return `${alg}:${toHex(hash)}`;
}

/** A subject as it is typed: profile/issuer/id, parts percent-encoded only where they must be. */
export function subjectText({ profile, subject }: Pick<Entry, 'profile' | 'subject'>): string {
  return `${profile}/${subject.issuer}/${subject.id.replace(/[%/]/g, encodeURIComponent)}`;
}
