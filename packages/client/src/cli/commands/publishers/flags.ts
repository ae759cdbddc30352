import type { KeyFlags } from '../../keys.ts';

/** Arguments that every command has which changes publishers, as they were typed; the key is the carrier's. */
export interface ChangeFlags extends KeyFlags {
  readonly nodeHome?: readonly string[];
  /** A file for members to approve, in place of approving and recording here. */
  readonly propose?: string;
  readonly genesis?: string;
  readonly wait?: string;
}

/** What `add` is told beside the code. */
export interface AddFlags extends ChangeFlags {
  readonly name: string;
  readonly member: string;
  readonly publicKey?: readonly string[];
  readonly makeKey?: true;
  readonly roles?: string;
  readonly quota?: string;
}

/** What `import` is told beside the file. */
export interface ImportFlags extends ChangeFlags {
  readonly makeKeys?: true;
  /** What holds for all lines of a roster that has no such column. */
  readonly roles?: string;
  readonly report?: string;
}

/** What `rekey` is told beside the code. */
export interface RekeyFlags extends ChangeFlags {
  readonly publicKey: readonly string[];
}

/** What `set` is told beside the codes. */
export interface SetFlags extends ChangeFlags {
  readonly roles?: string;
  readonly quota?: string;
}

/** What `list` is told. */
export interface ListFlags {
  readonly name?: string;
  readonly after?: string;
  readonly limit?: string;
  readonly member?: string;
  readonly suspended?: true;
}
