import type { HttpErrorCode } from './errors.ts';
import type { JsonCodec, JsonSchema } from './json-codec.ts';
import type { Params, ParamValues } from './param.ts';

/** A JSON body. */
export interface JsonBody<T> {
  readonly kind: 'json';
  readonly view: JsonCodec<T>;
}

/** A body of bytes as they are. */
export interface RawBody {
  readonly kind: 'raw';
  readonly mediaType: string;
  /** Worth compressing for whoever takes gzip. */
  readonly compress?: true;
}

/** A stream of events (Server-Sent Events) without an end, the data of each in JSON. */
export interface EventsBody<T> {
  readonly kind: 'events';
  readonly view: JsonCodec<T>;
}

/** What a successful answer carries. */
export type Body = JsonBody<unknown> | RawBody | EventsBody<unknown>;

/** How an answer may be kept: for ever, for a second or a minute, only after asking again, or not at all. */
export type CacheRule = 'immutable' | 'seconds' | 'minute' | 'revalidate' | 'none';

/** One route as data: what the server serves, the client asks for and the documents say. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Path with `{name}` for each parameter. */
  readonly path: string;
  readonly tag: 'submissions' | 'records' | 'ledger' | 'log' | 'operations';
  /** What it gives, one sentence. */
  readonly what: string;
  readonly params: Params;
  readonly query: Params;
  /** Request headers it minds, by their names in lower case. */
  readonly headers?: Params;
  /** Bodies it takes, by media type. */
  readonly takes?: Readonly<Record<string, JsonSchema>>;
  readonly responses: Readonly<Record<number, Body>>;
  /** Codes it gives besides those of every route (`COMMON_ERRORS`). */
  readonly errors: readonly HttpErrorCode[];
  readonly cache: CacheRule;
}

/** Codes that any route may give. */
export const COMMON_ERRORS: readonly HttpErrorCode[] = [
  'bad-parameter',
  'bad-request',
  'slow-request',
  'busy',
  'long-headers',
  'internal',
];

/** The value that a body carries; of a stream its bytes as they come. */
export type BodyValue<B> =
  B extends EventsBody<unknown>
    ? AsyncIterable<Uint8Array>
    : B extends JsonBody<infer T>
      ? T
      : Uint8Array | string;

/** A successful answer of a route: one of its statuses with its value. */
export type Reply<R extends Route> = {
  [S in keyof R['responses']]: { readonly status: S; readonly value: BodyValue<R['responses'][S]> };
}[keyof R['responses']];

/** Values for a route's path. */
export type PathValues<R extends Route> = ParamValues<R['params']>;

/** Values for a route's query, each of which may be left out. */
export type QueryValues<R extends Route> = Partial<ParamValues<R['query']>>;

/** Values of a route's request headers, each of which may be left out. */
export type HeaderValues<R extends Route> = R['headers'] extends Params
  ? Partial<ParamValues<R['headers']>>
  : Readonly<Record<string, unknown>>;

/** A body in JSON. */
export function json<T>(view: JsonCodec<T>): JsonBody<T> {
  return { kind: 'json', view };
}

/** A body of plain text. */
export const plainBody: RawBody = { kind: 'raw', mediaType: 'text/plain; charset=utf-8' };

/** The path and query with which to ask for a route, percent-encoded, from the server's root. */
export function requestPath<R extends Route>(
  route: R,
  params: PathValues<R>,
  query: QueryValues<R> = {},
): string {
  const path = route.path.replaceAll(/\{([a-z]+)\}/g, (_, name: string) => {
    const param = route.params[name]!;
    const text = param.format(params[name]);
    return param.rest ? text : encodeURIComponent(text).replaceAll('%3A', ':');
  });
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(route.query[name]!.format(value))}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}
