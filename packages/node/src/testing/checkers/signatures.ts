import type { ToSign } from '../../consensus/output.ts';
import { Violation } from './violation.ts';

/**
 * An honest key never signs two values for one slot, never votes below a view it asked for, never skips views on the word of faulty
 * ones, and cosigns with strictly
 * increasing heights and never decreasing times. Works from what was signed alone.
 */
export class SignatureChecker {
  readonly #values = new Map<string, string>();
  #highest = 0;
  readonly #floors = new Map<number, number>();
  readonly #cosigned = new Map<number, { height: number; time: number; text: string }>();

  signed(signer: number, what: ToSign): void {
    if (what.type === 'vote')
      this.#vote(signer, what.vote.kind, what.vote.view, what.vote.height, what.vote.hash);
    else if (what.type === 'proposal')
      this.#vote(signer, 'prepare', what.view, what.block.height, what.block.hash);
    else if (what.type === 'view-change')
      this.#viewChange(signer, what.body.newView, JSON.stringify(what.body));
    else if (what.type === 'new-view')
      this.#once(signer, `new-view ${what.body.view}`, JSON.stringify(what.body));
    else this.#cosignature(signer, what.height, what.time, what.text);
  }

  #vote(signer: number, kind: string, view: number, height: number, hash: string): void {
    const floor = this.#floors.get(signer) ?? 0;
    if (view < floor)
      throw new Violation('signatures', `${signer} signs ${kind} in view ${view} after asking for ${floor}`);
    this.#once(signer, `${kind} ${view} ${height}`, hash);
  }

  #viewChange(signer: number, view: number, body: string): void {
    const floor = this.#floors.get(signer) ?? 0;
    if (view < floor) throw new Violation('signatures', `${signer} asks for view ${view} after ${floor}`);
    // With f+1 above it a replica follows, an honest one among them; alone it goes on by one.
    if (view > this.#highest + 1)
      throw new Violation(
        'signatures',
        `${signer} asks for view ${view}, where nobody honest went beyond ${this.#highest}`,
      );
    this.#highest = Math.max(this.#highest, view);
    this.#floors.set(signer, view);
    this.#once(signer, `view-change ${view}`, body);
  }

  #once(signer: number, slot: string, value: string): void {
    const key = `${signer} ${slot}`;
    const before = this.#values.get(key);
    if (before !== undefined && before !== value) {
      throw new Violation('signatures', `${signer} signs ${slot} twice: ${before} and ${value}`);
    }
    this.#values.set(key, value);
  }

  #cosignature(signer: number, height: number, time: number, text: string): void {
    const last = this.#cosigned.get(signer);
    const again = last?.height === height && last.text === text && last.time === time;
    if (last !== undefined && !again && (height <= last.height || time < last.time)) {
      throw new Violation(
        'signatures',
        `${signer} cosigns ${height} at ${time} s after ${last.height} at ${last.time} s`,
      );
    }
    this.#cosigned.set(signer, { height, time, text });
  }
}
