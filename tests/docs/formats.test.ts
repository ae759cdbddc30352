import { readFileSync } from 'node:fs';
import {
  cosignerName,
  decode,
  encode,
  entryCodec,
  extraCodec,
  fromBase64,
  leafCodec,
  MAX_BATCHES,
  MAX_ENTRIES,
  MAX_ENTRY_BYTES,
  MAX_GENESIS_BYTES,
  MAX_LEAF_BYTES,
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  MAX_PATH_LENGTH,
  MAX_POLICY_BYTES,
  MAX_PROOF_BYTES,
  MAX_STATUS_BYTES,
  MAX_SUBJECT_ID_BYTES,
  MAX_SUBMISSION_BYTES,
  MAX_VALIDATORS,
  parseNote,
  parseReceipt,
  readGenesis,
  STATE_KINDS,
  statusProofCodec,
  toHex,
  type VERDICTS,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { describe, expect, it } from 'vitest';
import { twoVotes } from '../fixtures/accusations.ts';
import { testKey } from '../fixtures/builder.ts';
import { unwrap } from '../fixtures/make-fixture.ts';
import { fromEpochs } from './membership-example.ts';
import { type Values, workedExample } from './worked-example.ts';

const { hasher } = nativeSuite;
const document = readFileSync(new URL('../../docs/FORMATS.md', import.meta.url), 'utf8');
const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/first-light/${name}`, import.meta.url)));

/** What the example must name, taken from the fixture itself. */
function fromFixture(): Record<string, Uint8Array> {
  const chain = unwrap(readGenesis(fixture('genesis.cbor'), nativeSuite));
  const { extra, path, note } = unwrap(parseReceipt(fixture('notice.md.tlog-proof')));
  const { text, signatures } = unwrap(parseNote(note));
  const leaf = unwrap(decode(leafCodec, extra.leaf));
  const lines = new TextDecoder()
    .decode(note)
    .slice(text.length + 1)
    .split('\n');
  const payload = (line: string) => unwrap(fromBase64(line.split(' ')[2]!));
  const [first] = chain.validators;
  expect(signatures[1]!.name).toBe(cosignerName(chain.origin, first!.code));
  const times = signatures.slice(1).map(({ signature }) => toHex(signature.subarray(0, 8)));
  expect(times.toSorted()[1]).toBe((1_600_000_004).toString(16).padStart(16, '0'));
  return {
    'genesis-hash': chain.hash,
    digest: hasher.digest(fixture('notice.md')),
    header: extra.header,
    'publisher-key': chain.genesis.publishers[0]!.keys[0]!,
    'publisher-signature': extra.signature,
    'submission-id': leaf.submission,
    entry: leaf.entry.bytes,
    'entry-sibling-0': extra.path[0]!,
    'entry-sibling-1': extra.path[1]!,
    leaf: extra.leaf,
    'log-sibling-0': path[0]!,
    'log-sibling-1': path[1]!,
    'log-root': unwrap(fromBase64(text.split('\n')[2]!)),
    checkpoint: Buffer.from(text),
    'log-key': first!.logKey,
    'log-line': Buffer.from(`${lines[0]}\n`),
    'log-payload': payload(lines[0]!),
    'validator-key': first!.key,
    'cosignature-line': Buffer.from(`${lines[1]}\n`),
    'cosignature-payload': payload(lines[1]!),
    'cosignature-time': signatures[1]!.signature.subarray(0, 8),
    cosignature: signatures[1]!.signature.subarray(8),
  };
}

const expected = { ...fromFixture(), ...fromEpochs() };

/** Whether an example's sums come out and all it names is the fixture's. */
function problemOf(markdown: string): string | null {
  let values: Values;
  try {
    values = workedExample(markdown);
  } catch (error) {
    return (error as Error).message;
  }
  for (const [name, bytes] of Object.entries(expected))
    if (toHex(values.get(name) ?? new Uint8Array()) !== toHex(bytes)) return `${name} is not the fixture's`;
  return null;
}

describe('the worked example of FORMATS.md', () => {
  it('is the committed fixture, and its sums come out', () => {
    expect(problemOf(document)).toBeNull();
    const values = workedExample(document);
    expect([...values.keys()]).toEqual(expect.arrayContaining(Object.keys(expected)));
    expect(document).toContain('lower median of the three times, 1600000004');
    expect(toHex(values.get('signed-root')!)).toBe(toHex(expected['header']!.slice(-32)));
  });

  it('annotates each field where it is: the comments name the values', () => {
    const header = /^```hex header\n([\s\S]*?)^```$/m.exec(document)![1]!;
    const names = [...header.matchAll(/; ([a-zA-Z]+):/g)].map(([, name]) => name);
    expect(names).toEqual('v genesis publisher key nonce issuedAt expires count root'.split(' '));
    const numbers = [...document.matchAll(/^1b ([0-9a-f]{16}) +; [a-zA-Z]+: (\d+)$/gm)];
    expect(numbers).toHaveLength(3);
    for (const [, hex, decimal] of numbers) expect(BigInt(`0x${hex}`)).toBe(BigInt(decimal!));
    const words = [...document.matchAll(/^[67]\d ([0-9a-f]+) +; [a-zA-Z]+: (?:18 characters, )?(\S+)$/gm)];
    expect(words).toHaveLength(15);
    for (const [, hex, word] of words) expect(Buffer.from(hex!, 'hex').toString()).toBe(word);
  });

  it('cannot rot unseen: any one digit changed is found', () => {
    const blocks = [...document.matchAll(/^```(?:hex|text|steps)[^\n]*\n[\s\S]*?^```$/gm)];
    const places = blocks.flatMap(({ 0: block, index: start }) =>
      [
        ...block
          .replace(/;.*$/gm, text => ' '.repeat(text.length))
          .matchAll(/(?<![\w/+])[0-9a-f]{8,}(?![\w/+])/g),
      ].map(({ 0: value, index }) => ({ value, index: start + index })),
    );
    expect(places.length).toBeGreaterThan(40);
    for (const { value, index } of places) {
      const digit = value.at(-1) === '0' ? '1' : '0';
      const end = index + value.length;
      expect(problemOf(document.slice(0, end - 1) + digit + document.slice(end)), value).not.toBeNull();
    }
  });
});

describe('the tables of FORMATS.md', () => {
  const word = (name: (typeof VERDICTS)[number]) => `\`${name}\``;
  const section = (title: string) => document.split(/^## /m).find(text => text.startsWith(title))!;

  it.each([
    ['Genesis', [`${MAX_GENESIS_BYTES / 1024 ** 2} MiB`, `1 to ${MAX_VALIDATORS} members`]],
    ['Submission', [`${MAX_SUBMISSION_BYTES / 1024} KiB`, `1 to ${MAX_ENTRIES} entries`, '24 h']],
    ['Entry', [`${MAX_ENTRY_BYTES / 1024} KiB`, `id 1 to ${MAX_SUBJECT_ID_BYTES}`]],
    ['Leaf', [MAX_LEAF_BYTES.toLocaleString('en')]],
    ['Block header', [`| ${MAX_BATCHES} |`]],
    ['Checkpoint', [`${MAX_NOTE_BYTES / 1024 ** 2} MiB`, `${MAX_NOTE_SIGNATURES} signature lines`]],
    ['Policy', [`${MAX_POLICY_BYTES / 1024 ** 2} MiB`]],
    ['Receipt', [`${MAX_PROOF_BYTES / 1024 ** 2} MiB`, `at most ${MAX_PATH_LENGTH}`]],
    [
      'Status proof',
      [`${MAX_STATUS_BYTES / 1024 ** 2} MiB`, word('never-recorded'), word('not-yet'), word('other')],
    ],
    ['State', STATE_KINDS.map(kind => `| \`${kind}\` |`)],
  ])('%s: the bounds are the code’s', (title, texts) => {
    for (const text of texts) expect(section(title)).toContain(text);
  });

  it('list the fields in the order in which they are encoded', () => {
    const fieldsOf = (title: string) =>
      [...section(title).matchAll(/^\| ([a-zA-Z]+) \|/gm)].map(([, name]) => name).slice(1);
    const { extra } = unwrap(parseReceipt(fixture('notice.md.tlog-proof')));
    const leaf = unwrap(decode(leafCodec, extra.leaf));
    expect(fieldsOf('Leaf')).toEqual(Object.keys(leaf));
    expect(fieldsOf('Entry')).toEqual(Object.keys(unwrap(decode(entryCodec, leaf.entry.bytes))));
    const named = [...section('Governance record').matchAll(/^\| ([a-z]+) \|/gm)].map(([, name]) => name);
    expect(named.slice(named.indexOf('evidence') + 1)).toEqual(
      Object.keys(twoVotes(leaf.submission, '110000', testKey('validator 110000'))),
    );
    const keys = [...section('Receipt').matchAll(/^\| ([a-z]+) \|/gm)].map(([, name]) => name).slice(2);
    expect(keys).toEqual(Object.keys(unwrap(decode(extraCodec, encode(extraCodec, extra)))));
    const status = [...section('Status proof').matchAll(/^\| ([a-z]+) \|/gm)].map(([, name]) => name);
    const proof = {
      kind: 'subject',
      name: ['x'],
      other: null,
      value: null,
      bitmap: new Uint8Array(),
    } as const;
    const rest = { receipt: null, siblings: [], handovers: null, checkpoint: Uint8Array.of(1) };
    const read = unwrap(decode(statusProofCodec, encode(statusProofCodec, { ...proof, ...rest })));
    expect(status.slice(1, 1 + Object.keys(read).length)).toEqual(Object.keys(read));
  });
});
