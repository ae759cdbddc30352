import { usageFault } from '@qifeng/core';
import type { Context } from '../../context.ts';
import type { KeyFlags } from '../../keys.ts';
import { commonMessages } from '../../messages.ts';
import { parseDuration } from '../../time.ts';
import { benchMessages } from './messages.ts';

/** Arguments of `bench` as they were typed. */
export interface BenchFlags extends KeyFlags {
  readonly duration?: string;
  readonly clients?: string;
  readonly entries?: string;
  readonly genesis?: string;
  readonly wait?: string;
}

/** What `bench` was asked for. */
export interface BenchRequest {
  readonly ms: number;
  readonly clients: number;
  readonly entries: number;
}

/** Reads the arguments; throws complaints with exit code 2. */
export function benchRequest(flags: BenchFlags, { lang }: Pick<Context, 'lang'>): BenchRequest {
  const { duration = '10s', clients = '16', entries = '1' } = flags;
  const ms = parseDuration(duration);
  const common = commonMessages(lang);
  if (ms === null)
    throw usageFault('bad-duration', common.badDuration('--duration', duration), common.badDurationNext);
  const words = benchMessages(lang);
  const number = (option: string, text: string) => {
    const value = /^[1-9][0-9]{0,2}$/.test(text) ? Number(text) : 0;
    if (value >= 1 && value <= 256) return value;
    throw usageFault('bad-option', words.badNumber(option, text), words.badNumberNext);
  };
  return { ms, clients: number('--clients', clients), entries: number('--entries', entries) };
}
