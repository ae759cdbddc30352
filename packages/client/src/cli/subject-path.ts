import {
  type CliError,
  isUscc,
  type Lang,
  normalId,
  type Subject,
  USCC_LENGTH,
  usageFault,
  usccCheckCharacter,
} from '@qifeng/core';
import { keyMessages } from './key-messages.ts';

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

/** The complaint about a code, alone or of a subject's issuer, that only its check character is wrong of; null for anything else. */
export function checkCharacterFault(text: string, lang: Lang): CliError | null {
  const parts = text.split('/');
  const code = parts.length === 3 ? parts[1]! : text;
  const right = code.length === USCC_LENGTH ? usccCheckCharacter(code.slice(0, -1)) : null;
  if (right === null || code.endsWith(right)) return null;
  const words = keyMessages(lang);
  return usageFault('bad-uscc', words.badCheck(code, code.slice(-1), right), words.badUsccNext);
}
