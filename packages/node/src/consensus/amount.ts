/** How much there is in bodies: `size` bytes; `weight` says what they cost to execute, in units of the host. */
export interface Amount {
  readonly size: number;
  readonly weight: number;
}

/** What an empty block has. */
export const NOTHING: Amount = { size: 0, weight: 0 };

/** Both. */
export function together(a: Amount, b: Amount): Amount {
  return { size: a.size + b.size, weight: a.weight + b.weight };
}
