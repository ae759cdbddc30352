import type { Multiaddr } from '@multiformats/multiaddr';

/** Connections beside one of each member. */
export const SPARE = 8;
/** Of these, the ones that an address which is no member's may have at once. */
const STRANGER_EACH = 4;

/** The part of a connection that a doorman looks at, before anybody has proven who he is. */
export interface Newcomer {
  readonly remoteAddr: Multiaddr;
  addEventListener(type: 'close', listener: () => void): void;
}

/** What a doorman asks. */
export interface DoormanInit {
  readonly members: () => number;
  /** Connections that are open, handshake done. */
  readonly open: () => number;
  /** Whether a member is known to live at this IP address. */
  readonly known: (address: string) => boolean;
}

/**
 * Bounds connections before their handshake: n + 8 in all, and of those in the making 8 from addresses that are no
 * member's, 4 from one of them. So whoever opens connections and says nothing never keeps a member out.
 */
export class Doorman {
  readonly #init: DoormanInit;
  /** Handshakes under way by address, and those of strangers. */
  readonly #byAddress = new Map<string, number>();
  readonly #leave = new WeakMap<Newcomer, () => void>();
  #all = 0;
  #strangers = 0;

  constructor(init: DoormanInit) {
    this.#init = init;
  }

  /** Whether a connection may begin its handshake; if so it counts until `done`, or until it closes. */
  admits(newcomer: Newcomer): boolean {
    const { members, open, known } = this.#init;
    const address = addressOf(newcomer.remoteAddr);
    const stranger = !known(address);
    const own = this.#byAddress.get(address) ?? 0;
    if (open() + this.#all >= members() + SPARE) return false;
    if (stranger && (this.#strangers >= SPARE || own >= STRANGER_EACH)) return false;
    this.#all++;
    if (stranger) this.#strangers++;
    this.#byAddress.set(address, own + 1);
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      this.#all--;
      if (stranger) this.#strangers--;
      const rest = this.#byAddress.get(address)! - 1;
      if (rest === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, rest);
    };
    this.#leave.set(newcomer, leave);
    newcomer.addEventListener('close', leave);
    return true;
  }

  /** The handshake is over: it is a member. */
  done(newcomer: Newcomer): void {
    this.#leave.get(newcomer)?.();
  }
}

/** The IP address in a multiaddr; empty if it has none. */
export function addressOf(address: Multiaddr): string {
  return address.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6')?.value ?? '';
}
