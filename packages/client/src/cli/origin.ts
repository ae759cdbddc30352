import { resolve } from 'node:path';
import { CliError, EXIT, type Origin, originView, readJson } from '@qifeng/core';
import { stampMessages } from './commands/stamp/messages.ts';
import type { Context } from './context.ts';
import { faultText } from './fault-text.ts';
import { readSmall } from './files.ts';

/** Bytes of a file with an origin at most. */
const MAX_ORIGIN_BYTES = 4096;

/** The origin that a file of JSON gives, or a complaint. A relative path starts from `folder`. */
export async function originIn(file: string, folder: string, context: Context): Promise<Origin> {
  const bytes = await readSmall(resolve(folder, file), file, MAX_ORIGIN_BYTES, context);
  const read = readJson(originView, new TextDecoder().decode(bytes));
  if (read.ok) return read.value;
  const words = stampMessages(context.lang);
  throw new CliError(EXIT.usage, 'bad-origin', {
    what: words.badOrigin(file),
    why: faultText(read.fault, context.lang),
    next: words.badOriginNext,
  });
}
