import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, MAX_JSON_DEPTH, parseJson } from './json-text.ts';

const leaf = fc.oneof(fc.maxSafeInteger(), fc.boolean(), fc.constant(null), fc.string({ unit: 'grapheme' }));
const { json } = fc.letrec<{ json: Json }>(tie => ({
  json: fc.oneof(
    { depthSize: 'small', maxDepth: 8 },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter(name => name !== '__proto__'),
      tie('json'),
      { maxKeys: 4 },
    ),
  ),
}));

/** A value without the prototypes that JSON.parse gives. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a JSON text', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(0, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const read = parseJson(text);
        expect(read.ok && plain(read.value)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is refused whenever JSON.parse refuses it', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.stringMatching(/^[[\]{}",:\\0-9eE+. -]{0,12}$/)),
        text => {
          const read = parseJson(text);
          if (read.ok) expect(plain(read.value)).toEqual(JSON.parse(text));
          else expect(read.fault.code).toBe('malformed');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a name twice', '{"a":1,"b":2,"a":1}'],
    ['a name twice, once escaped', '{"a":1,"\\u0061":1}'],
    ['a name twice, deep', '[{"x":{"a":1,"a":2}}]'],
    ['__proto__', '{"__proto__":1}'],
    ['__proto__, escaped', '{"\\u005f_proto__":{}}'],
    ['an unsafe integer', '9007199254740992'],
    ['a negative unsafe integer', '-9007199254740992'],
    ['a fraction', '1.5'],
    ['a whole number with a fraction', '1.0'],
    ['an exponent', '1e3'],
    ['minus zero', '-0'],
    ['a leading zero', '01'],
    ['a lone surrogate', '"\\ud800"'],
    ['a lone surrogate in a name', '{"\\udc00":1}'],
    ['a control character in a string', '"\n"'],
    ['two values', '1 2'],
    ['a comma at the end', '[1,]'],
    ['a comma at the end of an object', '{"a":1,}'],
    ['a name without quotes', '{a:1}'],
    ['a comment', '/**/1'],
    ['a byte order mark', '\ufeff1'],
    ['a space of another kind', '\u00a01'],
    ['nothing', ''],
  ])('with %s is malformed', (_, text) => {
    const read = parseJson(text);
    expect(!read.ok && read.fault.code).toBe('malformed');
  });

  it('has a bounded depth', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(parseJson(deep(MAX_JSON_DEPTH + 1)).ok).toBe(true);
    for (const levels of [MAX_JSON_DEPTH + 2, 100_000]) expect(parseJson(deep(levels)).ok).toBe(false);
  });

  it('gives objects without a prototype', () => {
    const read = parseJson('{"constructor":1,"toString":2}');
    expect(read.ok && Object.getPrototypeOf(read.value)).toBeNull();
  });

  it('may be one long string', () => {
    const long = `${'x'.repeat(500_000)}\\n`.repeat(2);
    expect(parseJson(`"${long}"`).ok).toBe(true);
    expect(parseJson(`"${long}`).ok).toBe(false);
  });
});
