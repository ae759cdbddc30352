import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../encoding/base64.ts';
import { fromUtf8, toUtf8 } from '../encoding/utf8.ts';
import { formatCheckpoint, formatTreeHead, parseCheckpoint, parseTreeHead } from './checkpoint.ts';
import { parseNote } from './note.ts';
import { bytes32, codeOf, keyNames, mutated, unwrap, vectors } from './testing/c2sp-vectors.ts';

const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const checkpoints = fc.record({
  origin: keyNames,
  size: count,
  root: bytes32,
  height: count,
  blockHash: bytes32,
  stateRoot: bytes32,
  epoch: count,
});
const hash = (byte: number) => new Uint8Array(32).fill(byte);
const SAMPLE = {
  origin: 'example.org/骑缝/0123',
  size: 42,
  root: hash(1),
  height: 7,
  blockHash: hash(2),
  stateRoot: hash(3),
  epoch: 0,
};
const TEXT = formatCheckpoint(SAMPLE);
const ROOT = toBase64(hash(1));

describe('any C2SP checkpoint', () => {
  it('reads the example of the specification', () => {
    const note = vectors.notes.find(({ name }) => name.startsWith('behind the sofa'))!.note;
    const head = unwrap(parseTreeHead(unwrap(parseNote(toUtf8(note))).text));
    expect(head).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163, extensions: [] });
    expect(toBase64(head.root)).toBe('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=');
  });

  it('reads logs in the field, an origin with spaces and extension lines', () => {
    const texts = [...vectors.notes.map(({ note }) => note), vectors.witnessed.note, vectors.proof.proof]
      .filter(note => /\n\d+\n/.test(note))
      .map(note => unwrap(parseNote(toUtf8(note.split('\n\n').slice(-2).join('\n\n')))).text);
    expect(texts.length).toBe(7);
    for (const text of texts) expect(formatTreeHead(unwrap(parseTreeHead(text)))).toBe(text);
    expect(unwrap(parseTreeHead(`go.sum database tree\n0\n${ROOT}\nx y\nz\n`)).extensions).toEqual([
      'x y',
      'z',
    ]);
  });

  it.each([
    ['two lines', 'a\n1\n', 'checkpoint-lines'],
    ['nothing', '', 'checkpoint-text'],
    ['an empty origin', `\n1\n${ROOT}\n`, 'checkpoint-lines'],
    ['an empty extension line', `a\n1\n${ROOT}\n\n`, 'checkpoint-lines'],
    ['no final newline', `a\n1\n${ROOT}`, 'checkpoint-text'],
    ['a carriage return', `a\r\n1\n${ROOT}\n`, 'checkpoint-text'],
    ['a lone surrogate', `\ud800\n1\n${ROOT}\n`, 'checkpoint-text'],
    ['a size in words', `a\nbananas\n${ROOT}\n`, 'checkpoint-size'],
    ['a negative size', `a\n-34\n${ROOT}\n`, 'checkpoint-size'],
    ['a size with a leading zero', `a\n01\n${ROOT}\n`, 'checkpoint-size'],
    ['a size with a plus', `a\n+1\n${ROOT}\n`, 'checkpoint-size'],
    ['a trailing space', `a\n1 \n${ROOT}\n`, 'checkpoint-size'],
    ['a size beyond 2^53', `a\n3438945738945739845734895735\n${ROOT}\n`, 'checkpoint-size'],
    ['a root not base64', "a\n1\nThisIsn'tBase64\n", 'checkpoint-root'],
    ['a short root', 'a\n1\nYmFuYW5hcw==\n', 'checkpoint-root'],
    ['stray bits in the root', `a\n1\n${ROOT.replace('E=', 'F=')}\n`, 'checkpoint-root'],
  ])('refuses %s', (_name, text, code) => {
    expect(codeOf(parseTreeHead(text))).toBe(code);
  });
});

describe('Qifeng checkpoints', () => {
  it('has the six lines of the protocol', () => {
    expect(TEXT).toBe(
      `example.org/骑缝/0123\n42\n${ROOT}\nblock 7 ${toBase64(hash(2))}\nstate ${toBase64(hash(3))}\nepoch 0\n`,
    );
    expect(unwrap(parseCheckpoint(TEXT))).toEqual(SAMPLE);
  });

  it.each([
    ['a space in the origin', 'example.org', 'a example.org', 'checkpoint-origin'],
    ['a plus in the origin', 'example', 'ex+ample', 'checkpoint-origin'],
    ['five lines', 'epoch 0\n', '', 'checkpoint-lines'],
    ['seven lines', 'epoch 0\n', 'epoch 0\nx\n', 'checkpoint-lines'],
    ['a line twice', 'epoch 0\n', 'epoch 0\nepoch 0\n', 'checkpoint-lines'],
    ['an empty line', 'epoch', '\nepoch', 'checkpoint-lines'],
    ['another word for block', 'block', 'Block', 'checkpoint-block'],
    ['two spaces', 'block 7', 'block  7', 'checkpoint-block'],
    ['a height with a leading zero', 'block 7', 'block 07', 'checkpoint-block'],
    ['a block without a hash', `block 7 ${toBase64(hash(2))}`, 'block 7', 'checkpoint-block'],
    ['a trailing space', '\nstate', ' \nstate', 'checkpoint-block'],
    ['a short state root', toBase64(hash(3)), 'AAAA', 'checkpoint-state'],
    ['another word for state', 'state', 'stete', 'checkpoint-state'],
    ['an epoch with a sign', 'epoch 0', 'epoch +0', 'checkpoint-epoch'],
    ['an epoch with a trailing space', 'epoch 0', 'epoch 0 ', 'checkpoint-epoch'],
    ['no newline at the end', 'epoch 0\n', 'epoch 0', 'checkpoint-text'],
  ])('refuses %s', (_name, from, to, code) => {
    expect(TEXT).toContain(from);
    expect(codeOf(parseCheckpoint(TEXT.replace(from, to)))).toBe(code);
  });

  it('refuses the lines in another order', () => {
    const lines = TEXT.trimEnd().split('\n');
    const swapped = [...lines.slice(0, 4), lines[5], lines[4]].join('\n');
    expect(codeOf(parseCheckpoint(`${swapped}\n`))).toBe('checkpoint-state');
  });

  it('names the line', () => {
    expect(parseCheckpoint(TEXT.replace('epoch 0', 'epoch x'), 11)).toMatchObject({
      fault: { detail: expect.stringMatching(/^line 16: /) },
    });
  });

  it('refuses to write what it would not read', () => {
    for (const wrong of [
      { size: -1 },
      { height: 1.5 },
      { epoch: 2 ** 53 },
      { origin: 'a b' },
      { root: hash(1).slice(1) },
    ])
      expect(() => formatCheckpoint({ ...SAMPLE, ...wrong })).toThrow('invariant');
    expect(() => formatTreeHead({ ...SAMPLE, extensions: ['a\nb'] })).toThrow('invariant');
  });

  it('property: text and value are a bijection', () => {
    fc.assert(
      fc.property(checkpoints, checkpoint => {
        expect(unwrap(parseCheckpoint(formatCheckpoint(checkpoint)))).toEqual(checkpoint);
      }),
    );
  });

  it('fuzz: whatever still parses after random edits is written back to the same text', () => {
    fc.assert(
      fc.property(mutated(toUtf8(TEXT)), edited => {
        const text = fromUtf8(edited);
        if (!text.ok) return;
        const ours = parseCheckpoint(text.value);
        if (ours.ok) expect(formatCheckpoint(ours.value)).toBe(text.value);
        const any = parseTreeHead(text.value);
        if (any.ok) expect(formatTreeHead(any.value)).toBe(text.value);
      }),
      { numRuns: 2000 },
    );
  });
});
