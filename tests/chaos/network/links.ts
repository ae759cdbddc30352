import { type Condition, type Direction, type Harm, LinkProxy } from './link-proxy.ts';

/**
 * Every connection between members, each pair through a proxy of its own. The lower member dials the higher, so that
 * `forth` is from the lower to the higher one.
 */
export class Links {
  readonly #proxies = new Map<string, LinkProxy>();
  readonly #size: number;

  private constructor(size: number) {
    this.#size = size;
  }

  /** Proxies in front of members that listen on these ports, in the order of their codes. */
  static async before(ports: readonly number[]): Promise<Links> {
    const links = new Links(ports.length);
    for (let high = 1; high < ports.length; high++)
      for (let low = 0; low < high; low++)
        links.#proxies.set(`${low}-${high}`, await LinkProxy.to(ports[high]!));
    return links;
  }

  /** The port at which a member reaches each higher one. */
  routesOf(member: number): ReadonlyMap<number, number> {
    const higher = Array.from({ length: this.#size - member - 1 }, (_, i) => member + 1 + i);
    return new Map(higher.map(peer => [peer, this.between(member, peer).port]));
  }

  between(one: number, other: number): LinkProxy {
    return this.#proxies.get(`${Math.min(one, other)}-${Math.max(one, other)}`)!;
  }

  /** Ends every connection between two sides, and lets none be made. */
  cut(side: readonly number[]): void {
    this.#across(side, proxy => proxy.cut());
  }

  /** Ends every connection among these members, and lets none be made: each is left with the others. */
  part(members: readonly number[]): void {
    for (const one of members) for (const other of members) if (one < other) this.between(one, other).cut();
  }

  /** What members of one side say no longer reaches the others, who are still heard themselves. */
  mute(side: readonly number[]): void {
    this.#across(side, (proxy, direction) => proxy.set(direction, { stalled: true }));
  }

  /** Nothing goes either way between two sides, and no connection is closed. */
  silence(side: readonly number[]): void {
    this.#across(side, proxy => {
      proxy.set('forth', { stalled: true });
      proxy.set('back', { stalled: true });
    });
  }

  /** Every link of these members is like this, both ways. */
  worsen(side: readonly number[], condition: Partial<Condition>): void {
    this.#across(side, proxy => {
      proxy.set('forth', condition);
      proxy.set('back', condition);
    });
  }

  /** Ends every connection of these members once. */
  reset(side: readonly number[]): void {
    this.#across(side, proxy => proxy.reset());
  }

  /** How much of one kind of harm the links have done so far. */
  harm(kind: keyof Harm): number {
    return [...this.#proxies.values()].reduce((sum, proxy) => sum + proxy.harm[kind], 0);
  }

  heal(): void {
    for (const proxy of this.#proxies.values()) proxy.heal();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#proxies.values()].map(proxy => proxy.close()));
  }

  /** Each link out of a side, with the direction that leaves it. */
  #across(side: readonly number[], act: (proxy: LinkProxy, leaving: Direction) => void): void {
    for (const one of side)
      for (let other = 0; other < this.#size; other++)
        if (!side.includes(other)) act(this.between(one, other), one < other ? 'forth' : 'back');
  }
}
