/** A place that a request takes: given back when the last holder lets go. */
export interface Place {
  hold(): void;
  release(): void;
}

/** Lets a bounded number of requests be under way at once. */
export interface Gate {
  /** Takes a place for `address`, with one holder; null if there is none. */
  enter(address: string): Place | null;
  /** Places taken. */
  readonly taken: number;
}

/** A gate with `all` places, of which one address has at most `each`. */
export function gate(all: number, each: number): Gate {
  const byAddress = new Map<string, number>();
  let taken = 0;
  const leave = (address: string): void => {
    taken--;
    const rest = byAddress.get(address)! - 1;
    if (rest === 0) byAddress.delete(address);
    else byAddress.set(address, rest);
  };
  return {
    get taken() {
      return taken;
    },
    enter: address => {
      const own = byAddress.get(address) ?? 0;
      if (taken >= all || own >= each) return null;
      taken++;
      byAddress.set(address, own + 1);
      let holders = 1;
      return {
        hold: () => {
          holders++;
        },
        release: () => {
          if (--holders === 0) leave(address);
        },
      };
    },
  };
}
