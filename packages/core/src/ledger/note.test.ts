import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUtf8 } from '../encoding/utf8.ts';
import { formatNote, isKeyName, MAX_NOTE_SIGNATURES, parseDecimal, parseNote } from './note.ts';
import { codeOf, keyNames, mutated, unwrap, vectors } from './testing/c2sp-vectors.ts';

const LINE = '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi\n';
const parse = (text: string) => parseNote(toUtf8(text));

describe('signed notes', () => {
  it.each(vectors.notes)('reads and gives back byte for byte: $name', ({ note }) => {
    const parsed = unwrap(parse(note));
    expect(parsed.signatures.length).toBeGreaterThan(0);
    expect(formatNote(parsed)).toEqual(toUtf8(note));
  });

  it.each(vectors.badNotes)('refuses what others refuse: $name', ({ note, code }) => {
    expect(codeOf(parse(note))).toBe(code);
  });

  it('splits at the last empty line and keeps those inside the text', () => {
    expect(unwrap(parse(`a\n\nb\n\n\n${LINE}`)).text).toBe('a\n\nb\n\n');
    expect(unwrap(parse(`\n\n${LINE}`)).text).toBe('\n');
  });

  it('takes a thousand-line text, non-ASCII text and a name in Chinese', () => {
    const text = '京政发〔2024〕1号\n'.repeat(1000);
    const note = unwrap(parse(`${text}\n${LINE.replace('example.com/foo', '北京市')}`));
    expect(note).toMatchObject({ text, signatures: [{ name: '北京市', keyId: 0x530d903a }] });
  });

  it.each([
    ['nothing', '', 'note-newline'],
    ['no empty line', `a\n${LINE}`, 'note-separator'],
    ['no final newline', `a\n\n${LINE.slice(0, -1)}`, 'note-newline'],
    ['text only', 'a\n', 'note-separator'],
    ['an empty line after the signatures', `a\n\n${LINE}\n`, 'note-no-signatures'],
    ['two empty lines at the end', `a\n\n${LINE}\n\n`, 'note-no-signatures'],
    ['a carriage return', `a\r\n\r\n${LINE}`, 'note-control-character'],
    ['a carriage return after a signature', `a\n\n${LINE.slice(0, -1)}\r\n`, 'note-control-character'],
    ['a tab', `a\tb\n\n${LINE}`, 'note-control-character'],
    ['a zero', `a\0\n\n${LINE}`, 'note-control-character'],
    ['en dash', `a\n\n${LINE.replace('—', '–')}`, 'note-signature-line'],
    ['hyphen', `a\n\n${LINE.replace('—', '-')}`, 'note-signature-line'],
    ['no space after the dash', `a\n\n${LINE.replace('— ', '—')}`, 'note-signature-line'],
    ['a no-break space after the dash', `a\n\n${LINE.replace('— ', '—\u00a0')}`, 'note-signature-line'],
    ['two spaces after the dash', `a\n\n${LINE.replace('— ', '—  ')}`, 'note-signature-line'],
    ['two spaces after the name', `a\n\n${LINE.replace('foo ', 'foo  ')}`, 'note-signature-line'],
    ['a plus in the name', `a\n\n${LINE.replace('foo', 'f+o')}`, 'note-signature-line'],
    ['an ideographic space in the name', `a\n\n${LINE.replace('foo', 'f\u3000o')}`, 'note-signature-line'],
    ['a next-line character in the name', `a\n\n${LINE.replace('foo', 'f\u0085o')}`, 'note-signature-line'],
    ['no name', `a\n\n${LINE.replace('example.com/foo', '')}`, 'note-signature-line'],
    ['no signature', 'a\n\n— example.com/foo \n', 'note-signature-line'],
    ['a name alone', 'a\n\n— example.com/foo\n', 'note-signature-line'],
    ['a key id alone', 'a\n\n— example.com/foo Uw2QOg==\n', 'note-signature-line'],
    ['a space before the signature', `a\n\n ${LINE}`, 'note-signature-line'],
    ['a trailing space', `a\n\n${LINE.slice(0, -1)} \n`, 'note-signature-line'],
    ['base64 without its padding', 'a\n\n— example.com/foo Uw2QOkk\n', 'note-signature-line'],
    ['stray bits in base64', 'a\n\n— example.com/foo Uw2QOkl=\n', 'note-signature-line'],
    ['the URL alphabet', 'a\n\n— example.com/foo Uw2QOk_-\n', 'note-signature-line'],
    ['a text line among the signatures', `a\n\n${LINE}b\n${LINE}`, 'note-signature-line'],
  ])('refuses %s', (_name, note, code) => {
    expect(codeOf(parse(note))).toBe(code);
  });

  it('refuses bytes that are not UTF-8', () => {
    for (const bad of [[0xff], [0xc0, 0x8a], [0xed, 0xa0, 0x80]])
      expect(codeOf(parseNote(Uint8Array.from([...bad, ...toUtf8(`a\n\n${LINE}`)])))).toBe('note-utf8');
  });

  it('names the line, counted from where the note begins', () => {
    const refused = parseNote(toUtf8(`a\nb\n\n${LINE}x\n`), { firstLine: 10 });
    expect(refused).toMatchObject({ fault: { detail: expect.stringMatching(/^line 14: /) } });
  });

  it('bounds bytes and signature lines', () => {
    expect(unwrap(parse(`a\n\n${LINE.repeat(MAX_NOTE_SIGNATURES)}`)).signatures.length).toBe(128);
    expect(codeOf(parse(`a\n\n${LINE.repeat(129)}`))).toBe('note-too-many-signatures');
    expect(codeOf(parse(`${'a'.repeat(1 << 20)}\n\n${LINE}`))).toBe('note-too-large');
    expect(codeOf(parseNote(toUtf8(`a\n\n${LINE}`), { maxBytes: 20 }))).toBe('note-too-large');
  });

  it('refuses to write what it would not read', () => {
    const signature = { name: 'a', keyId: 1, signature: Uint8Array.of(1) };
    expect(() => formatNote({ text: 'a', signatures: [signature] })).toThrow('invariant');
    expect(() => formatNote({ text: 'a\r\n', signatures: [signature] })).toThrow('invariant');
    expect(() => formatNote({ text: 'a\n', signatures: [] })).toThrow('invariant');
    for (const wrong of [{ name: 'a b' }, { keyId: 2 ** 32 }, { keyId: -1 }, { signature: new Uint8Array() }])
      expect(() => formatNote({ text: 'a\n', signatures: [{ ...signature, ...wrong }] })).toThrow(
        'invariant',
      );
  });

  it('property: what is written is read back the same', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 80 })
      .map(s => `${s.replace(/(?!\n)\p{Cc}|\p{Cs}/gu, '')}\n`);
    const signature = fc.record({
      name: keyNames,
      keyId: fc.integer({ min: 0, max: 0xffffffff }),
      signature: fc.uint8Array({ minLength: 1, maxLength: 100 }),
    });
    const notes = fc.record({ text, signatures: fc.array(signature, { minLength: 1, maxLength: 40 }) });
    fc.assert(
      fc.property(notes, note => {
        expect(unwrap(parseNote(formatNote(note)))).toEqual(note);
      }),
    );
  });

  it('fuzz: whatever still parses after random edits is written back to the same bytes', () => {
    const bytes = toUtf8(vectors.witnessed.note);
    let accepted = 0;
    fc.assert(
      fc.property(mutated(bytes), edited => {
        const parsed = parseNote(edited);
        if (!parsed.ok) return;
        accepted++;
        expect(formatNote(parsed.value)).toEqual(edited);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});

describe('parts of notes', () => {
  it('knows key names', () => {
    for (const name of ['a', 'example.com/foo', '骑缝', 'a\ufeffb', '—']) expect(isKeyName(name)).toBe(true);
    for (const name of ['', ' ', 'a b', 'a\nb', 'a+b', 'a\u2003b', 'a\u2028', '\ud800', 'a\x01'])
      expect(isKeyName(name)).toBe(false);
  });

  it('reads a decimal number in one form only', () => {
    expect(['0', '1', '10', '9007199254740991'].map(parseDecimal)).toEqual([
      0,
      1,
      10,
      Number.MAX_SAFE_INTEGER,
    ]);
    const wrong = [
      '',
      '00',
      '01',
      '+1',
      '-1',
      '-0',
      '1.0',
      '1e3',
      ' 1',
      '1 ',
      '0x1',
      '１',
      '9007199254740992',
    ];
    for (const text of [...wrong, '99999999999999999']) expect(parseDecimal(text)).toBeNull();
  });
});
