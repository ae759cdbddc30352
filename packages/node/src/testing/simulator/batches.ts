/** One batch in so many holds a governance submission that is refused: a barrier that ends nothing. */
const GOVERNANCE = 40;
/** Bytes of one batch in so many, and of the others: a few large ones fill a block. */
const LARGE = { every: 9, size: 40 };

/** One batch in so many carries a submission: enough to fill the log and the state, and cheap. */
export const EVERY = 16;

/** Whether a symbolic batch carries a submission that makes a record. */
export function hasDocuments(digest: string): boolean {
  return numberOf(digest) % EVERY === 0;
}

/** The number in the name of a batch. */
export function numberOf(digest: string): number {
  return Number(digest.slice(digest.lastIndexOf(' ') + 1));
}

/** The batch whose submissions a batch holds: itself, unless somebody packed them again under another name. */
export function contentOf(digest: string): string {
  return digest.startsWith('again') ? `batch ${numberOf(digest)}` : digest;
}

/** Whether a symbolic batch holds a change of members. */
export function isChange(digest: string): boolean {
  return digest.startsWith('change');
}

/** Whether a symbolic batch holds a governance submission: nothing stands on its block before that is executed. */
export function isGovernance(digest: string): boolean {
  return isChange(digest) || numberOf(digest) % GOVERNANCE === 7;
}

/** Bytes of a symbolic batch. */
export function sizeOf(digest: string): number {
  return numberOf(digest) % LARGE.every === 4 ? LARGE.size : 1;
}

/** Bytes of the bodies of a block. */
export function sizeOfAll(digests: readonly string[]): number {
  return digests.reduce((sum, digest) => sum + sizeOf(digest), 0);
}
