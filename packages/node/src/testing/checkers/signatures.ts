import type { ViewChangeBody, Vote } from '../../consensus/messages.ts';
import type { ToSign } from '../../consensus/output.ts';
import { Violation } from './violation.ts';

/**
 * An honest key never signs two values for one slot, never votes below a view it asked for in the epoch, never skips views
 * on the word of faulty ones, and cosigns with strictly increasing heights and never decreasing times over all epochs. Works
 * from what was signed alone.
 */
export class SignatureChecker {
  readonly #values = new Map<string, string>();
  /** By epoch. */
  readonly #highest = new Map<number, number>();
  /** By epoch and key. */
  readonly #floors = new Map<string, number>();
  readonly #cosigned = new Map<number, { height: number; time: number; text: string }>();

  signed(key: number, what: ToSign): void {
    if (what.type === 'vote') this.#vote(key, what.vote);
    else if (what.type === 'proposal') {
      const { epoch, height, hash } = what.block;
      this.#vote(key, { kind: 'prepare', epoch, view: what.view, height, hash });
    } else if (what.type === 'view-change') this.#viewChange(key, what.body);
    else if (what.type === 'new-view')
      this.#once(key, `new-view ${what.body.epoch} ${what.body.view}`, JSON.stringify(what.body));
    else this.#cosignature(key, what.height, what.time, what.text);
  }

  #vote(key: number, { kind, epoch, view, height, hash }: Vote): void {
    const floor = this.#floors.get(`${epoch} ${key}`) ?? 0;
    if (view < floor)
      throw new Violation('signatures', `${key} signs ${kind} in view ${view} after asking for ${floor}`);
    this.#once(key, `${kind} ${epoch} ${view} ${height}`, hash);
  }

  #viewChange(key: number, body: ViewChangeBody): void {
    const { epoch, newView: view } = body;
    const floor = this.#floors.get(`${epoch} ${key}`) ?? 0;
    const highest = this.#highest.get(epoch) ?? 0;
    if (view < floor) throw new Violation('signatures', `${key} asks for view ${view} after ${floor}`);
    // With f+1 above it a replica follows, an honest one among them; alone it goes on by one.
    if (view > highest + 1)
      throw new Violation(
        'signatures',
        `${key} asks for view ${view}, where nobody honest went beyond ${highest}`,
      );
    this.#highest.set(epoch, Math.max(highest, view));
    this.#floors.set(`${epoch} ${key}`, view);
    this.#once(key, `view-change ${epoch} ${view}`, JSON.stringify(body));
  }

  #once(key: number, what: string, value: string): void {
    const slot = `${key} ${what}`;
    const before = this.#values.get(slot);
    if (before !== undefined && before !== value) {
      throw new Violation('signatures', `${key} signs ${what} twice: ${before} and ${value}`);
    }
    this.#values.set(slot, value);
  }

  #cosignature(key: number, height: number, time: number, text: string): void {
    const last = this.#cosigned.get(key);
    const again = last?.height === height && last.text === text && last.time === time;
    if (last !== undefined && !again && (height <= last.height || time < last.time)) {
      throw new Violation(
        'signatures',
        `${key} cosigns ${height} at ${time} s after ${last.height} at ${last.time} s`,
      );
    }
    this.#cosigned.set(key, { height, time, text });
  }
}
