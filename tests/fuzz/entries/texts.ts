import {
  entriesPath,
  formatCheckpoint,
  formatSignatureLine,
  formatTreeHead,
  formatVerifierKey,
  fromBase64,
  fromHex,
  ok,
  parseCheckpoint,
  parseCosignature,
  parseDecimal,
  parseNote,
  parsePolicy,
  parseSignatureLine,
  parseTilePath,
  parseTreeHead,
  parseVerifierKey,
  policyOfValidators,
  refuse,
  StreamReader,
  streamText,
  subjectText,
  tilePath,
  toBase64,
  toHex,
} from '@qifeng/core';
import { formatKey, nativeSuite, newKey, parseKey } from '@qifeng/core/native';
import { parseDigest } from '../../../packages/client/src/cli/asked.ts';
import { parseSubject, parseUnnamed } from '../../../packages/client/src/cli/subject-path.ts';
import { parseDuration } from '../../../packages/client/src/cli/time.ts';
import { keysOf, quotaOf, rolesOf } from '../../../packages/client/src/publishers/roster.ts';
import { JournalReader, settledLine, signedLine } from '../../../packages/client/src/stamp/journal-lines.ts';
import { readTable } from '../../../packages/client/src/stamp/table.ts';
import {
  ConfigError,
  DEFAULT_CONFIG,
  formatConfig,
  readConfig,
} from '../../../packages/node/src/config/config.ts';
import { PUBLISHER, unwrap } from '../../fixtures/builder.ts';
import { type Decoder, orNull, orThrown, text } from '../decoder.ts';
import type { World } from '../world.ts';

const { hasher, verifier } = nativeSuite;

/** What is text: of the C2SP formats, of files that people write, and of command lines. */
export function textEntries({ ledger, submission, wire }: World): readonly Decoder[] {
  const { chain } = ledger;
  const policy = policyOfValidators(chain.origin, chain.validators, hasher);
  const checkpoint = ledger.blocks.at(-1)!.text;
  const lines = unwrap(parseNote(ledger.note(ledger.height))).signatures.map(line =>
    formatSignatureLine(line).trimEnd(),
  );
  const hex = toHex(submission.id);
  const item = { entry: submission.entries[0]!, bytes: submission.entryBytes[0]!, opening: null };
  const signed = signedLine({
    id: submission.id,
    bytes: wire,
    items: [{ ...item, targets: [{ file: '/a.pdf', receipt: '/a.pdf.tlog-proof' }] }],
  });
  return [
    // Of what a policy says, a file may be written in many ways; only a consortium's own is ever written.
    text(
      'policy',
      [parsePolicy],
      [policy, `# of a consortium\n\n${policy}`],
      (_, bytes) => parsePolicy(bytes, hasher, verifier),
      null,
    ),
    text(
      'verifier key',
      [parseVerifierKey],
      [policy.split('\n')[0]!.split(' ').at(-1)!],
      key => parseVerifierKey(key, hasher),
      { exact: formatVerifierKey },
    ),
    text('tile path', [parseTilePath], ['tile/1/x001/234.p/7', 'tile/entries/000'], parseTilePath, {
      exact: tile => (tile.kind === 'hashes' ? tilePath(tile) : entriesPath(tile.index, tile.width)),
    }),
    text('tree head', [parseTreeHead], [checkpoint], value => parseTreeHead(value), {
      exact: formatTreeHead,
    }),
    text('checkpoint', [parseCheckpoint], [checkpoint], value => parseCheckpoint(value), {
      exact: formatCheckpoint,
    }),
    text('signature line', [parseSignatureLine], lines, line => parseSignatureLine(line), {
      exact: line => formatSignatureLine(line).slice(0, -1),
    }),
    text(
      'cosignature',
      [parseCosignature],
      lines.slice(1),
      line => {
        const read = parseSignatureLine(line);
        return read.ok ? parseCosignature(read.value) : read;
      },
      null,
    ),
    text('base64', [fromBase64], [toBase64(wire), 'AA==', 'AAA='], fromBase64, { exact: toBase64 }),
    text('hex', [fromHex], [hex], fromHex, { exact: toHex }),
    text('decimal', [parseDecimal], ['0', '9007199254740991'], line => orNull(parseDecimal(line)), {
      exact: String,
    }),
    text(
      'event stream',
      [StreamReader],
      [`${streamText({ id: '7', event: 'record', data: '{}' }, 'hello')}${streamText({ id: '8' })}`],
      value => orNull(new StreamReader().push(value)),
      { same: messages => messages.map(message => streamText(message)).join('') },
    ),
    text(
      'private key',
      [parseKey],
      [formatKey(newKey(), null)],
      pem => {
        const key = parseKey(pem, null);
        return typeof key === 'string' ? refuse(key, '') : ok(key.export({ format: 'jwk' }));
      },
      null,
    ),
    text(
      'configuration',
      [readConfig],
      [formatConfig({ ...DEFAULT_CONFIG, admin: { port: 9 }, store: { cache: 64 } })],
      toml => orThrown(() => readConfig(toml, {}), ConfigError),
      null,
    ),
    text('table', [readTable], TABLES, table => readTable(table, 'en', title => title), null),
    text(
      'journal',
      [JournalReader],
      [signed, `${signed}${settledLine(submission.id, 'final')}`],
      journal => {
        const reader = new JournalReader(hasher);
        for (const line of journal.split('\n')) reader.add(line);
        const { open, unreadable } = reader.result();
        return unreadable > 0 ? refuse('unreadable', '') : ok(open);
      },
      { same: open => open.map(signedLine).join('') },
    ),
    text('roles', [rolesOf], ['policy; notice:actor'], roles => rolesOf(roles, 'en'), null),
    text('quota', [quotaOf], ['', '1000'], quota => quotaOf(quota, 'en'), { same: quota => String(quota) }),
    text(
      'keys',
      [keysOf],
      [
        chain.validators
          .slice(0, 2)
          .map(({ key }) => toHex(key))
          .join(' '),
      ],
      keys => keysOf(keys, verifier, 'en'),
      { same: keys => keys.map(toHex).join(' ') },
    ),
    text(
      'digest on a command line',
      [parseDigest],
      [`sha256:${hex}`],
      value => orNull(parseDigest(value)),
      null,
    ),
    text(
      'subject on a command line',
      [parseSubject],
      [`policy/${PUBLISHER}/2020%2F7`],
      value => orNull(parseSubject(value)),
      { same: subjectText },
    ),
    text(
      'issuer on a command line',
      [parseUnnamed],
      [`policy/${PUBLISHER}`],
      value => orNull(parseUnnamed(value)),
      { exact: ({ profile, issuer }) => `${profile}/${issuer}` },
    ),
    text('duration', [parseDuration], ['30s', '2d'], value => orNull(parseDuration(value)), null),
  ];
}

const TABLES = [
  'file,subject,title\na.pdf,2020-7,"One, ""two"""\nb.pdf,2020-8,\n',
  '{"file":"a.pdf","subject":"2020-7"}\n{"file":"b.pdf","meta.title":"b"}\n',
];
