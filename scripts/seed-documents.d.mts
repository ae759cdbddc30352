/** A seed document: its file, the code of its publisher, and what its record says, as arguments of `qifeng stamp`. */
export interface SeedDocument {
  readonly name: string;
  readonly file: string;
  readonly issuer: string;
  readonly meta: readonly string[];
}

/** All of them in order of name. */
export function seedDocuments(): readonly SeedDocument[];
