import type { KeyFlags } from '../../keys.ts';

/** Arguments of `act` as they were typed. */
export interface ActFlags extends KeyFlags {
  readonly meta?: readonly string[];
  readonly link?: readonly string[];
  readonly prev?: string;
  readonly sealed?: true;
  readonly digest?: string;
  readonly origin?: string;
  readonly receipts?: string;
  readonly genesis?: string;
  readonly wait?: string;
}
