import {
  type Alteration,
  type Enrolment,
  encode,
  type PublisherChange,
  publisherChangeCodec,
} from '@qifeng/core';

/** One publisher to enrol or to change, and its home member. */
export type Item =
  | { readonly home: string; readonly id: string; readonly enrolment: Enrolment }
  | { readonly home: string; readonly id: string; readonly alteration: Alteration };

/** Bytes of a change at most: those of one metadata value of an entry. */
const MAX_CHANGE_BYTES = 8 * 1024;

/** The change that some items of one home make. */
export function changeOf(items: readonly Item[], epoch: number, carrier: string): PublisherChange {
  const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    v: 1,
    epoch,
    carrier,
    home: items[0]!.home,
    enrolled: sorted.flatMap(item => ('enrolment' in item ? item.enrolment : [])),
    altered: sorted.flatMap(item => ('alteration' in item ? item.alteration : [])),
  };
}

/** Items in groups of one home that a change has room for. */
export function grouped(items: readonly Item[], carrier: string): readonly (readonly Item[])[] {
  const groups: Item[][] = [];
  const open = new Map<string, { readonly items: Item[]; bytes: number }>();
  for (const item of items) {
    // What an item adds is less than a change of it alone, in whatever epoch.
    const bytes = encode(publisherChangeCodec, changeOf([item], 0xffff_fffe, carrier)).length;
    let group = open.get(item.home);
    if (group === undefined || group.bytes + bytes > MAX_CHANGE_BYTES) {
      group = { items: [], bytes: 0 };
      open.set(item.home, group);
      groups.push(group.items);
    }
    group.items.push(item);
    group.bytes += bytes - (group.bytes === 0 ? 0 : SHARED_BYTES);
  }
  return groups;
}

/** Bytes of a change beside its items, at least. */
const SHARED_BYTES = 30;
