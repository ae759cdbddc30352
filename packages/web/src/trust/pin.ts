import type { Kept } from '../page/kept.ts';

/** The genesis that a person decided to trust in this browser: its SHA-256 stands for all of it. */
export interface Pin {
  readonly hash: string;
  /** When it was pinned, in ms. */
  readonly at: number;
}

const KEY = 'qifeng.genesis';

/** The pin of this browser, null without one. What is kept and unreadable counts as none. */
export function readPin(storage: Kept): Pin | null {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return null;
    const { hash, at } = kept as Partial<Pin>;
    return typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) && typeof at === 'number'
      ? { hash, at }
      : null;
  } catch {
    return null;
  }
}

/** Keeps a pin; false where the browser keeps nothing for this page. */
export function keepPin(storage: Kept, pin: Pin): boolean {
  try {
    storage.setItem(KEY, JSON.stringify(pin));
    return true;
  } catch {
    return false;
  }
}

/** Forgets the pin. */
export function forgetPin(storage: Kept): void {
  storage.removeItem(KEY);
}
