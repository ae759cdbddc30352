import { isUscc, type Subject } from '@qifeng/core';

/** A subject in its profile. */
export interface NamedSubject {
  readonly profile: string;
  readonly subject: Subject;
}

/** Reads `PROFILE/ISSUER/ID`, parts percent-encoded where they must be; null for anything else. */
export function parseSubject(text: string): NamedSubject | null {
  const parts = text.split('/');
  if (parts.length !== 3) return null;
  try {
    const [profile, issuer, id] = parts.map(decodeURIComponent) as [string, string, string];
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(profile) || !isUscc(issuer) || id === '') return null;
    return { profile, subject: { issuer, id } };
  } catch {
    return null; // a percent sign that encodes nothing
  }
}
