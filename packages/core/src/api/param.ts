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

/** A unified social credit code with a right check character. */
export function usccParam(what: string): Param<string> {
  return {
    schema: { type: 'string', pattern: '^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$' },
    what,
    parse: text => (isUscc(text) ? text : null),
    format: value => value,
  };
}

/** A block's height, or `latest`. */
export const heightParam: Param<number | 'latest'> = {
  schema: { anyOf: [{ type: 'integer', minimum: 0 }, { const: 'latest' }] },
  what: 'height of the block, or `latest`',
  parse: text => (text === 'latest' ? text : parseDecimal(text)),
  format: String,
};
