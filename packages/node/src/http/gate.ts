/** Lets a bounded number of requests be under way at once. */
export interface Gate {
  /** Takes a place for `address`; null if there is none, else the way to give it back, which may be called twice. */
  enter(address: string): (() => void) | null;
  /** Places taken. */
  readonly taken: number;
}

/** A gate with `all` places, of which one address has at most `each`. */
export function gate(all: number, each: number): Gate {
  const byAddress = new Map<string, number>();
  let taken = 0;
  return {
    get taken() {
      return taken;
    },
    enter: address => {
      const own = byAddress.get(address) ?? 0;
      if (taken >= all || own >= each) return null;
      taken++;
      byAddress.set(address, own + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        taken--;
        const rest = byAddress.get(address)! - 1;
        if (rest === 0) byAddress.delete(address);
        else byAddress.set(address, rest);
      };
    },
  };
}
