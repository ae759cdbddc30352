import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StreamMessage, StreamReader, streamText } from './event-stream.ts';

const line = fc.string().map(text => text.replace(/[\r\n]/g, ''));
const message: fc.Arbitrary<StreamMessage> = fc.record({
  id: fc.option(fc.nat().map(String)),
  event: fc.option(fc.constantFrom('end', 'other')),
  data: fc.option(line.map(text => JSON.stringify(text))),
});

describe('an event stream', () => {
  it('is read as it was written, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.nat(40)), (messages, cuts) => {
        const text = messages.map(one => streamText(one, 'a comment: with id: 7')).join('');
        const reader = new StreamReader();
        const read: StreamMessage[] = [];
        let at = 0;
        for (const cut of [...cuts, text.length]) {
          read.push(...reader.push(text.slice(at, at + cut))!);
          at += cut;
        }
        expect(read).toEqual(messages);
      }),
    );
  });

  it('has no message without an end', () => {
    const reader = new StreamReader();
    expect(reader.push(`data: ${'x'.repeat(200_000)}`)).toEqual([]);
    expect(reader.push('x'.repeat(100_000))).toBeNull();
  });
});
