import type { ChainFacts, Refusal } from '../check/facts.ts';
import type { Pin } from './pin.ts';

/** Where a genesis came from. */
export type Source = 'node' | 'file';

/** A genesis that was offered to the page: read, or refused by its decoder. */
export interface Offer {
  readonly source: Source;
  readonly chain: ChainFacts | Refusal;
}

/** What the page makes of an offer and the pin. Only `trusted` and `unpinned` are verified against. */
export type Trust =
  | { readonly kind: 'none'; readonly pin: Pin | null }
  | { readonly kind: 'bad'; readonly source: Source; readonly fault: Refusal; readonly pin: Pin | null }
  | { readonly kind: 'contradicts'; readonly source: Source; readonly chain: ChainFacts; readonly pin: Pin }
  | { readonly kind: 'unpinned'; readonly source: Source; readonly chain: ChainFacts }
  | { readonly kind: 'trusted'; readonly source: Source; readonly chain: ChainFacts; readonly pin: Pin };

/** Judges an offered genesis by the pin: what contradicts a pin is refused, whatever it came from. */
export function judgeOffer(offer: Offer | null, pin: Pin | null): Trust {
  if (offer === null) return { kind: 'none', pin };
  const { source, chain } = offer;
  if ('code' in chain) return { kind: 'bad', source, fault: chain, pin };
  if (pin === null) return { kind: 'unpinned', source, chain };
  return pin.hash === chain.hash
    ? { kind: 'trusted', source, chain, pin }
    : { kind: 'contradicts', source, chain, pin };
}

/** The chain to verify against, null where there is none. */
export function chainOf(trust: Trust): ChainFacts | null {
  return trust.kind === 'trusted' || trust.kind === 'unpinned' ? trust.chain : null;
}
