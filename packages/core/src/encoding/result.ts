/**
 * The outcome of looking at untrusted bytes: a value, or a coded fault. Decoders and verifiers return it and
 * never throw; a thrown error always means a broken invariant or a failed I/O.
 */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Fault };

/** Why something untrusted was refused. `code` is stable and documented; `detail` is for a person. */
export interface Fault {
  readonly code: string;
  readonly detail: string;
}

/** An accepted value. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** UTF-16 units in a detail at most, beside the mark of the cut. */
const LONGEST_DETAIL = 500;

/**
 * A refusal with its stable code and a sentence that says what was found. A longer one is cut: details quote names that
 * may fill a file, and end in logs and answers.
 */
export function refuse(code: string, detail: string): { readonly ok: false; readonly fault: Fault } {
  if (detail.length <= LONGEST_DETAIL) return { ok: false, fault: { code, detail } };
  const cut = detail.slice(0, LONGEST_DETAIL).replace(/[\ud800-\udbff]$/, '');
  return { ok: false, fault: { code, detail: `${cut}…` } };
}

/** Stops on a broken invariant of our own; never used on untrusted input. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
