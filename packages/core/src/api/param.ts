import { fromHex, toHex } from '../encoding/bytes.ts';
import { parseDecimal } from '../ledger/note.ts';
import type { Digest } from '../records/entry.ts';
import { isUscc } from '../records/uscc.ts';
import type { JsonSchema } from './json-codec.ts';

/** One parameter in a path or query: how it is written, and read strictly. */
export interface Param<T> {
  readonly schema: JsonSchema;
  /** What it is, for the documentation. */
  readonly what: string;
  /** It takes the rest of the path, slashes included. */
  readonly rest?: true;
  /** The value, or null for anything `format` would not write. */
  parse(text: string): T | null;
  format(value: T): string;
}

/** Parameters by name. */
export type Params = Readonly<Record<string, Param<unknown>>>;

/** The values of parameters; those of a query may be left out. */
export type ParamValues<P extends Params> = {
  readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never;
};

/** A text that matches a pattern. */
export function textParam(what: string, pattern: RegExp): Param<string> {
  return {
    schema: { type: 'string', pattern: pattern.source },
    what,
    parse: text => (pattern.test(text) ? text : null),
    format: value => value,
  };
}

/** A safe unsigned integer from `min` to `max`, in its one decimal form. */
export function uintParam(what: string, min = 0, max = Number.MAX_SAFE_INTEGER): Param<number> {
  return {
    schema: { type: 'integer', minimum: min, maximum: max },
    what,
    parse: text => {
      const value = parseDecimal(text);
      return value !== null && value >= min && value <= max ? value : null;
    },
    format: String,
  };
}

/** 32 bytes in lowercase hex. */
export const idParam: Param<Uint8Array> = {
  schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  what: 'submission id, 32 bytes in lowercase hex',
  parse: text => {
    const bytes = fromHex(text);
    return bytes.ok && bytes.value.length === 32 ? bytes.value : null;
  },
  format: toHex,
};

/** `sha256:<hex>` or `sm3:<hex>`. */
export const digestParam: Param<Digest> = {
  schema: { type: 'string', pattern: '^(sha256|sm3):[0-9a-f]{64}$' },
  what: 'digest of the file, `sha256:` or `sm3:` and 64 lowercase hex digits',
  parse: text => {
    const [alg, hex, ...more] = text.split(':');
    const hash = idParam.parse(hex ?? '');
    if ((alg !== 'sha256' && alg !== 'sm3') || hash === null || more.length > 0) return null;
    return { alg, hash };
  },
  format: ({ alg, hash }) => `${alg}:${toHex(hash)}`,
};

/** The badge of a digest: that and `.svg`. */
export const badgeParam: Param<Digest> = {
  schema: { type: 'string', pattern: '^(sha256|sm3):[0-9a-f]{64}\\.svg$' },
  what: 'digest of the file and `.svg`',
  parse: text => (text.endsWith('.svg') ? digestParam.parse(text.slice(0, -'.svg'.length)) : null),
  format: digest => `${digestParam.format(digest)}.svg`,
};

/** A unified social credit code with a right check character. */
export function usccParam(what: string): Param<string> {
  return {
    schema: { type: 'string', pattern: '^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$' },
    what,
    parse: text => (isUscc(text) ? text : null),
    format: value => value,
  };
}

/** The parts of a subject in a path. */
export const subjectParams = {
  profile: textParam('profile without version', /^[a-z][a-z0-9-]{0,31}$/),
  issuer: usccParam('issuer, a unified social credit code'),
  id: textParam('the subject’s id inside its issuer', /^\P{Cc}{1,256}$/u),
};

/** A log index, or -1: before the first record. */
export function afterParam(what: string): Param<number> {
  return {
    schema: { type: 'integer', minimum: -1, maximum: Number.MAX_SAFE_INTEGER },
    what,
    parse: text => (text === '-1' ? -1 : parseDecimal(text)),
    format: String,
  };
}

/** A subject as `<profile>/<issuer>/<id>`, not encoded further: only the id may hold a slash. */
export const subjectParam: Param<{ readonly profile: string; readonly issuer: string; readonly id: string }> =
  {
    schema: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,31}/[0-9A-Z]{18}/\\P{Cc}{1,256}$' },
    what: 'a subject as `profile/issuer/id`',
    parse: text => {
      const [, profile, issuer, id] =
        /^([a-z][a-z0-9-]{0,31})\/([0-9A-Z]{18})\/(\P{Cc}{1,256})$/u.exec(text) ?? [];
      if (profile === undefined || issuer === undefined || id === undefined || !isUscc(issuer)) return null;
      return { profile, issuer, id };
    },
    format: ({ profile, issuer, id }) => `${profile}/${issuer}/${id}`,
  };

/** A block's height, or `latest`. */
export const heightParam: Param<number | 'latest'> = {
  schema: { anyOf: [{ type: 'integer', minimum: 0 }, { const: 'latest' }] },
  what: 'height of the block, or `latest`',
  parse: text => (text === 'latest' ? text : parseDecimal(text)),
  format: String,
};

/** A place in the bodies of a block: its height and a number from 0 on. */
export interface BodyPlace {
  readonly height: number;
  readonly position: number;
}

/** `<height>.<position>`. */
export const bodyPlaceParam: Param<BodyPlace> = {
  schema: { type: 'string', pattern: '^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)$' },
  what: 'height of a block and a position in its bodies, `1.0` unless given',
  parse: text => {
    const [height, position, ...more] = text.split('.').map(parseDecimal);
    const isPlace = typeof height === 'number' && typeof position === 'number' && more.length === 0;
    return isPlace ? { height, position } : null;
  },
  format: ({ height, position }) => `${height}.${position}`,
};
