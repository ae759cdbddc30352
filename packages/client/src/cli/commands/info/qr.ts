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

/** Writes a receipt as a QR code in SVG: whoever scans it verifies offline. One that is too long becomes its address. */
export async function writeQr(
  receipt: Uint8Array,
  index: number,
  to: string,
  context: Context,
): Promise<WrittenQr> {
  const fits = receipt.length <= MAX_QR_BYTES;
  const text = fits ? new TextDecoder().decode(receipt) : await addressOf(index, context);
  const image = encodeQR(text, 'svg', { ecc: 'low', encoding: 'byte', border: 4 });
  await writeWhole(resolve(context.io.cwd, to), image).catch((error: unknown) => {
    throw fileError(error, to, context);
  });
  return { file: to, holds: fits ? 'receipt' : 'address', bytes: new TextEncoder().encode(text).length };
}

async function addressOf(index: number, context: Context): Promise<string> {
  const [node] = await knownNodes(context);
  if (node === undefined) throw noNodes(context);
  return node.replace(/\/$/, '') + requestPath(ROUTES.receipt, { index });
}
