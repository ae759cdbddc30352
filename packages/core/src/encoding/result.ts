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

/** A refusal with its stable code and a sentence that says what was found. */
export function refuse(code: string, detail: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { code, detail } };
}

/** Stops on a broken invariant of our own; never used on untrusted input. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
