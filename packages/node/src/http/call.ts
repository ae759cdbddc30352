import type { PathValues, QueryValues, Reply, Route } from '@qifeng/core';

/** A request's body as it came, with its media type. */
export interface RequestBody {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** One request to a route, its parameters read. */
export interface Call<R extends Route> {
  readonly params: PathValues<R>;
  readonly query: QueryValues<R>;
  readonly body: RequestBody | null;
}

/** What answers a route; errors are thrown as `HttpProblem`. */
export type Handler<R extends Route> = (call: Call<R>) => Reply<R> | Promise<Reply<R>>;

/** A handler for each of some routes. */
export type Handlers<R extends Readonly<Record<string, Route>>> = { readonly [K in keyof R]: Handler<R[K]> };
