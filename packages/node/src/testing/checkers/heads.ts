import { Violation } from './violation.ts';

/**
 * Log heads of honest signers are consistent: one head a height, sizes never shrink as heights grow, and equal sizes have
 * equal roots. Reads the texts alone; that each head extends the one before is checked by the rebuild at the end.
 */
export class HeadsChecker {
  readonly #heads: { size: number; root: string; text: string }[] = [];

  cosigned(signer: number, height: number, text: string): void {
    const before = this.#heads[height];
    if (before !== undefined) {
      if (before.text !== text)
        throw new Violation(
          'heads',
          `${signer} cosigns another head at ${height}: ${text} instead of ${before.text}`,
        );
      return;
    }
    const [, size, root = ''] = text.split('\n');
    const head = { size: Number(size), root, text };
    this.#heads[height] = head;
    this.#compare(this.#neighbour(height, -1), head);
    this.#compare(head, this.#neighbour(height, 1));
  }

  #neighbour(height: number, way: 1 | -1): { size: number; root: string } | undefined {
    for (let at = height + way; at >= 0 && at < this.#heads.length; at += way)
      if (this.#heads[at] !== undefined) return this.#heads[at];
    return undefined;
  }

  #compare(lower?: { size: number; root: string }, upper?: { size: number; root: string }): void {
    if (lower === undefined || upper === undefined) return;
    if (lower.size > upper.size)
      throw new Violation('heads', `the log shrinks from ${lower.size} to ${upper.size}`);
    if (lower.size === upper.size && lower.root !== upper.root)
      throw new Violation('heads', `two roots of the log of size ${lower.size}`);
  }
}
