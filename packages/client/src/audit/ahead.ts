/**
 * The results of `fetch` in the order of the items, at most `most` of them under way at a time. The first that rejects ends
 * it.
 */
export async function* ahead<T, R>(
  items: Iterable<T>,
  most: number,
  fetch: (item: T) => Promise<R>,
): AsyncGenerator<R, void> {
  const underWay: Promise<R>[] = [];
  const begin = (item: T) => {
    const result = fetch(item);
    // Whoever stops listening must not leave a rejection that nobody takes.
    result.catch(() => {});
    underWay.push(result);
  };
  for (const item of items) {
    if (underWay.length >= most) yield await underWay.shift()!;
    begin(item);
  }
  while (underWay.length > 0) yield await underWay.shift()!;
}

/** The whole numbers from `from` up to `to`, without it. */
export function* range(from: number, to: number): Generator<number, void> {
  for (let i = from; i < to; i++) yield i;
}
