/** A place that a request takes: given back when the last holder lets go. */
export interface Place {
  hold(): void;
  release(): void;
}

/** Lets a bounded amount be under way at once. */
export interface Gate {
  /** Takes `amount` of the places, 1 unless given, for `address`, with one holder; null if there are not as many. */
  enter(address: string, amount?: number): Place | null;
  /** Places taken. */
  readonly taken: number;
}

/** A gate with `all` places, of which one address has at most `each`. */
export function gate(all: number, each: number): Gate {
  const byAddress = new Map<string, number>();
  let taken = 0;
  const leave = (address: string, amount: number): void => {
    taken -= amount;
    const rest = byAddress.get(address)! - amount;
    if (rest === 0) byAddress.delete(address);
    else byAddress.set(address, rest);
  };
  return {
    get taken() {
      return taken;
    },
    enter: (address, amount = 1) => {
      const own = byAddress.get(address) ?? 0;
      if (taken + amount > all || own + amount > each) return null;
      taken += amount;
      byAddress.set(address, own + amount);
      let holders = 1;
      return {
        hold: () => {
          holders++;
        },
        release: () => {
          if (--holders === 0) leave(address, amount);
        },
      };
    },
  };
}
