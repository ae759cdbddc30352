/** The part of a browser's storage that the page uses. */
export type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What the browser keeps for this page; where it keeps nothing, a stand-in that refuses to. */
export function keptByBrowser(): Kept {
  try {
    return localStorage;
  } catch {
    const refuse = () => {
      throw new Error('this browser keeps nothing for this page');
    };
    return { getItem: () => null, setItem: refuse, removeItem: () => {} };
  }
}
