import { fixedBytes, nullable, record, SIGNATURE_LENGTH, uint } from '@qifeng/core';

/** Asks a member for its log signature of the checkpoint of a block. */
export const logLineRequestCodec = record({ height: uint() });

/** A member's log signature of the checkpoint of a block; null: it gives none. */
export const logLineCodec = record({ height: uint(), signature: nullable(fixedBytes(SIGNATURE_LENGTH)) });
