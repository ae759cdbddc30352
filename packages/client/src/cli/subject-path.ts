import { isUscc, normalId, type Subject } from '@qifeng/core';

/** A subject in its profile. */
export interface NamedSubject {
  readonly profile: string;
  readonly subject: Subject;
}

/** A subject that its fields name: its id is not typed. */
export interface UnnamedSubject {
  readonly profile: string;
  readonly issuer: string;
}

/** Reads `PROFILE/ISSUER`; null for anything else. */
export function parseUnnamed(text: string): UnnamedSubject | null {
  const [profile = '', issuer = '', ...more] = text.split('/');
  return more.length === 0 && isProfile(profile) && isUscc(issuer) ? { profile, issuer } : null;
}

/**
 * Reads `PROFILE/ISSUER/ID`, parts percent-encoded where they must be; null for anything else. A document number gets its
 * brackets 〔 〕; one that is recorded with others is named by these percent-encoded.
 */
export function parseSubject(text: string): NamedSubject | null {
  const parts = text.split('/');
  if (parts.length !== 3) return null;
  try {
    const [profile, issuer, id] = parts.map(part => decodeURIComponent(normalId(part))) as [
      string,
      string,
      string,
    ];
    if (!isProfile(profile) || !isUscc(issuer) || id === '') return null;
    return { profile, subject: { issuer, id } };
  } catch {
    return null; // a percent sign that encodes nothing
  }
}

function isProfile(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,31}$/.test(text);
}
