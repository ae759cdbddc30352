import type { KeyFlags } from '../../keys.ts';

/** Arguments of `stamp` as they were typed. */
export interface StampFlags extends KeyFlags {
  readonly dir?: readonly string[];
  readonly profile?: string;
  readonly action?: string;
  readonly subject?: string;
  readonly sealed?: true;
  readonly meta?: readonly string[];
  readonly digest?: string;
  readonly origin?: string;
  readonly table?: string;
  readonly report?: string;
  readonly receipts?: string;
  readonly genesis?: string;
  readonly wait?: string;
}
