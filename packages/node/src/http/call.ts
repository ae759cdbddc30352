import type { Digest, HeaderValues, PathValues, QueryValues, Reply, Route } from '@qifeng/core';

/** A request's body as it came, with its media type; of a file only its digests are left, one by each algorithm. */
export type RequestBody =
  | { readonly mediaType: string; readonly bytes: Uint8Array }
  | { readonly mediaType: 'application/octet-stream'; readonly digests: readonly Digest[] };

/** Runs a piece of work of a request that goes on, when its client may have it and in its turn. */
export type Later = <T>(work: () => T) => Promise<T>;

/** One request to a route, its parameters read. */
export interface Call<R extends Route> {
  readonly params: PathValues<R>;
  readonly query: QueryValues<R>;
  readonly headers: HeaderValues<R>;
  readonly body: RequestBody | null;
  readonly later: Later;
}

/** What answers a route; errors are thrown as `HttpProblem`. */
export type Handler<R extends Route> = (call: Call<R>) => Reply<R> | Promise<Reply<R>>;

/** A handler for each of some routes. */
export type Handlers<R extends Readonly<Record<string, Route>>> = { readonly [K in keyof R]: Handler<R[K]> };
