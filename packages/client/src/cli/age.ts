import { type Lang, usageFault } from '@qifeng/core';
import { commonMessages } from './messages.ts';
import { parseDuration } from './time.ts';

/** Default of `--max-age`: 10 minutes, in ms. */
const DEFAULT_MAX_AGE_MS = 600_000;

/** The milliseconds of `--max-age`. */
export function maxAgeOf(typed: string | undefined, lang: Lang): number {
  const ms = typed === undefined ? DEFAULT_MAX_AGE_MS : parseDuration(typed);
  if (ms !== null) return ms;
  const words = commonMessages(lang);
  throw usageFault('bad-duration', words.badDuration('--max-age', typed ?? ''), words.badDurationNext);
}
