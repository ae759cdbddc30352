import { resolve } from 'node:path';
import { ROUTES, requestPath } from '@qifeng/core';
import { encodeQR } from 'qr';
import { writeWhole } from '../../../files/write.ts';
import type { Context } from '../../context.ts';
import { fileError } from '../../files.ts';
import { knownNodes, noNodes } from '../../nodes.ts';

/** Bytes that a QR code of the largest kind holds at the lowest correction (ISO/IEC 18004, version 40-L). */
export const MAX_QR_BYTES = 2953;

/** What a QR code that was written holds: the receipt itself, or where a node has it. */
export interface WrittenQr {
  readonly file: string;
  readonly holds: 'receipt' | 'address';
  readonly bytes: number;
}

/** A QR code as an SVG image, and what it holds. */
export interface QrCode extends Omit<WrittenQr, 'file'> {
  readonly image: string;
}

/** Draws a receipt: whoever scans it verifies offline. One that is too long becomes its address, null where there is none. */
export function drawQr(receipt: Uint8Array, address: string | null): QrCode | null {
  const fits = receipt.length <= MAX_QR_BYTES;
  const text = fits ? new TextDecoder().decode(receipt) : address;
  if (text === null) return null;
  const image = encodeQR(text, 'svg', { ecc: 'low', encoding: 'byte', border: 4 });
  return { image, holds: fits ? 'receipt' : 'address', bytes: new TextEncoder().encode(text).length };
}

/** Where a node has the receipt of a record. */
export function receiptAddress(node: string, index: number): string {
  return node.replace(/\/$/, '') + requestPath(ROUTES.receipt, { index });
}

/** Writes a receipt as a QR code in SVG. */
export async function writeQr(
  receipt: Uint8Array,
  index: number,
  to: string,
  context: Context,
): Promise<WrittenQr> {
  const [node] = receipt.length <= MAX_QR_BYTES ? [] : await knownNodes(context);
  const drawn = drawQr(receipt, node === undefined ? null : receiptAddress(node, index));
  if (drawn === null) throw noNodes(context);
  const { image, ...held } = drawn;
  await writeWhole(resolve(context.io.cwd, to), image).catch((error: unknown) => {
    throw fileError(error, to, context);
  });
  return { file: to, ...held };
}
