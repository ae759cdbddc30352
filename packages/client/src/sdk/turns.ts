/** What `work` makes of each item, in their order; at most `atOnce` are in work at a time, and the first failure ends it. */
export async function inTurn<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const made = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  const go = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const i = next++;
      try {
        made[i] = await work(items[i]!);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, go));
  return made;
}
