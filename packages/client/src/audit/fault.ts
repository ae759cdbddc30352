import type { Fault, Result } from '@qifeng/core';

/** What a node served is false or missing, and reading it further makes no sense. The code is one of ERRORS.md. */
export class AuditFault extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.name = 'AuditFault';
    this.code = code;
  }
}

/** The value of a verdict on what a node served; throws its fault. */
export function served<T>(verdict: Result<T>): T {
  if (!verdict.ok) throw new AuditFault(verdict.fault.code, verdict.fault.detail);
  return verdict.value;
}

/** A flaw of one kind: the first that was found, and how many there are. */
export interface Finding extends Fault {
  readonly count: number;
}

/** Flaws of one node by kind: one false record may make a thousand others look false. */
export class Findings {
  readonly #byCode = new Map<string, Finding>();

  add({ code, detail }: Fault): void {
    const known = this.#byCode.get(code);
    this.#byCode.set(code, known ? { ...known, count: known.count + 1 } : { code, detail, count: 1 });
  }

  addAll(others: Findings): void {
    for (const finding of others.list) this.#byCode.set(finding.code, finding);
  }

  get list(): readonly Finding[] {
    return [...this.#byCode.values()];
  }
}
