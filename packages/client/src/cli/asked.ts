import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Asked, askedText, type Digest, digestText, fromHex, isUscc, usageFault } from '@qifeng/core';
import { digestFile } from '../files/digest.ts';
import type { Context } from './context.ts';
import { fileError, requireFile } from './files.ts';
import { commonMessages } from './messages.ts';
import { checkCharacterFault, parseSubject } from './subject-path.ts';

/** The X of a command: what it asks about, and the file that it was named by, if it was. */
export interface NamedX {
  readonly asked: Asked;
  readonly file: string | null;
  /** Digests of the file in other algorithms, under which nothing is recorded either. */
  readonly absent?: readonly Digest[];
}

/** Reads a file, which goes first, `ALG:HEX`, `PROFILE/ISSUER/ID` or a publisher's code. Throws complaints with exit code 2. */
export async function readX(x: string, context: Context): Promise<NamedX> {
  const digest = parseDigest(x);
  if (digest !== null) return { asked: { kind: 'digest', ...digest }, file: null };
  const path = resolve(context.io.cwd, x);
  if (existsSync(path)) {
    await requireFile(path, x, context);
    return { asked: { kind: 'digest', ...(await fileDigest(x, 'sha256', context)) }, file: x };
  }
  const named = parseSubject(x);
  if (named !== null) return { asked: { kind: 'subject', ...named }, file: null };
  if (isUscc(x)) return { asked: { kind: 'publisher', id: x }, file: null };
  const words = commonMessages(context.lang);
  throw checkCharacterFault(x, context.lang) ?? usageFault('bad-subject', words.badX(x), words.badXNext);
}

/**
 * What was named, a file by the digest under which it is recorded, and the answer about it: an entry may have either algorithm.
 * `isRecorded` says of an answer whether anything is; where nothing is under any, the answer is about SHA-256, and `absent` has the
 * others.
 */
export async function asRecorded<T>(
  named: NamedX,
  ask: (asked: Asked) => Promise<T>,
  isRecorded: (answer: T) => boolean,
  context: Context,
): Promise<{ readonly named: NamedX; readonly answer: T }> {
  const { file, asked } = named;
  const answer = await ask(asked);
  if (file === null || asked.kind !== 'digest' || isRecorded(answer)) return { named, answer };
  const other = await fileDigest(file, 'sm3', context);
  const about = { kind: 'digest', ...other } as const;
  const second = await ask(about);
  return isRecorded(second)
    ? { named: { ...named, asked: about }, answer: second }
    : { named: { ...named, absent: [other] }, answer };
}

/** What was asked about, as it is typed; of a file that is recorded under no digest, all of them. */
export function askedTexts({ asked, absent = [] }: NamedX): string {
  return [askedText(asked), ...absent.map(digestText)].join(' ');
}

/** The digest of a file as it was typed, or a complaint. */
export async function fileDigest(file: string, alg: Digest['alg'], context: Context): Promise<Digest> {
  try {
    return await digestFile(resolve(context.io.cwd, file), alg, context.signal);
  } catch (error) {
    throw fileError(error, file, context);
  }
}

/** The algorithm of `--digest`; SHA-256 where none was typed. Complains about any other. */
export function digestAlg(typed: string | undefined, { lang }: Pick<Context, 'lang'>): Digest['alg'] {
  if (typed === undefined || typed === 'sha256' || typed === 'sm3') return typed ?? 'sha256';
  const words = commonMessages(lang);
  throw usageFault('bad-digest', words.badAlg(typed), words.badAlgNext);
}

/** Reads `ALG:HEX`; null for anything else. */
export function parseDigest(text: string): Digest | null {
  const [, alg, hex = ''] = /^(sha256|sm3):([0-9a-f]{64})$/.exec(text) ?? [];
  const hash = fromHex(hex);
  return alg !== undefined && hash.ok ? { alg: alg as Digest['alg'], hash: hash.value } : null;
}
