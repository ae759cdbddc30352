import { type HttpErrorCode, httpError, type Problem } from '@qifeng/core';

/** A language of titles. */
export type Language = 'en' | 'zh';

/** What a problem document carries where it applies. `retryAfter` in seconds; `id` of a submission or an incident. */
export interface ProblemExtras {
  readonly entry?: number | null;
  readonly retryAfter?: number | null;
  readonly id?: string | null;
}

/** An answer that is an error: its stable code, its sentence, and what else the problem document carries. */
export class HttpProblem extends Error {
  readonly code: string;
  readonly extras: ProblemExtras;

  private constructor(code: string, detail: string, extras: ProblemExtras, isEarlyRefusal = false) {
    super(detail);
    this.isEarlyRefusal = isEarlyRefusal;
    this.name = 'HttpProblem';
    this.code = code;
    this.extras = extras;
  }

  /** A submission that was refused before it was queued, and will be again: for what it is, not for want of room. */
  readonly isEarlyRefusal: boolean;

  /** A problem of the interface's own. */
  static of(code: HttpErrorCode, detail: string, extras: ProblemExtras = {}): HttpProblem {
    return new HttpProblem(code, detail, extras);
  }

  /** A refusal with a code of the ledger or of a decoder. */
  static refused(refusal: { readonly code: string; readonly detail: string } & ProblemExtras): HttpProblem {
    const early = (refusal.id ?? null) === null && (refusal.retryAfter ?? null) === null;
    return new HttpProblem(refusal.code, refusal.detail, refusal, early);
  }

  /** The document to send. */
  document(language: Language): Problem {
    const { entry = null, retryAfter = null, id = null } = this.extras;
    const { status, title } = httpError(this.code, retryAfter);
    return {
      type: `urn:qifeng:problem:${this.code}`,
      title: title[language],
      status,
      code: this.code,
      detail: this.message,
      entry,
      retryAfter,
      id,
    };
  }
}

/** The language an Accept-Language header (RFC 9110) asks for; English unless Chinese is wanted more. */
export function languageOf(header: string | undefined): Language {
  const weights = { en: 0, zh: 0 };
  for (const item of (header ?? '').toLowerCase().split(',').slice(0, 32)) {
    const [range = '', ...parameters] = item.split(';').map(part => part.trim());
    const language = range.split('-')[0];
    if (language !== 'en' && language !== 'zh') continue;
    const weight = Number(parameters.find(parameter => parameter.startsWith('q='))?.slice(2) ?? 1);
    weights[language] = Math.max(weights[language], Number.isNaN(weight) ? 0 : weight);
  }
  return weights.zh > weights.en ? 'zh' : 'en';
}
