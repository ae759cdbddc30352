import { describe, expect, it } from 'vitest';
import type { Event } from '../network/member-process.ts';
import { refusalOf } from './damage.ts';

const event = (name: string, error = ''): Event => ({ time: '', level: 'error', event: name, error });
const exit = (code: number | null, signal: NodeJS.Signals | null = null) => ({ code, signal });

describe('why a node stopped over a damaged disk', () => {
  it('is the code it started to say, or a storage error later', () => {
    expect(refusalOf({ events: [event('log-damaged')], end: exit(1) })).toBe('log-damaged');
    expect(refusalOf({ events: [event('fatal', 'StorageError: x')], end: exit(70) })).toBe('StorageError');
  });

  it.each([
    ['it still runs', [], null],
    ['it took damage for a normal end', [event('store-damaged')], exit(0)],
    ['it fell over', [event('fatal', 'TypeError: x is undefined')], exit(70)],
    ['it was killed', [event('store-damaged')], exit(null, 'SIGSEGV')],
    ['it said nothing', [], exit(1)],
  ])('is unknown when %s', (_, events, end) => {
    expect(refusalOf({ events, end })).toBeNull();
  });
});
