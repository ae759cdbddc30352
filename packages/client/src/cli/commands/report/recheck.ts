import { type Lang, toHex } from '@qifeng/core';
import type { Evidence } from './evidence.ts';
import { lawWords } from './law-words.ts';

/** One thing that anybody can do again, and the command for it. */
interface Recheck {
  readonly what: string;
  readonly command: string;
}

/** The commands by which the examination is made again, with the names of this report. */
export function recheckCommands(
  { examined, receipt, names: { chain } }: Evidence,
  lang: Lang,
): readonly Recheck[] {
  const { recheck: words } = lawWords(lang);
  const { digest } = examined;
  const proof = shellWord(receipt.name);
  // Where no file was in hand, whoever has it gives it its name.
  const document = examined.kind === 'file' ? shellWord(examined.name) : 'FILE';
  const sums = { sha256: `sha256sum ${document}`, sm3: `openssl dgst -sm3 ${document}` };
  const verify = `qifeng verify ${document} --receipt ${proof} --genesis genesis.cbor --offline`;
  return [
    ...(digest === null ? [] : [{ what: words.digest(toHex(digest.hash)), command: sums[digest.alg] }]),
    { what: words.genesis(toHex(chain.hash)), command: 'sha256sum genesis.cbor' },
    ...(digest === null ? [] : [{ what: words.verify, command: verify }]),
    {
      what: digest === null ? words.verifySteps : words.steps,
      command: `qifeng info ${proof} --genesis genesis.cbor`,
    },
    { what: words.policy, command: `qifeng policy ${proof} --genesis genesis.cbor` },
  ];
}

/** A file's name as one word of a POSIX shell, never an option: whoever types what a report says runs nothing else. */
export function shellWord(name: string): string {
  const path = name.startsWith('-') ? `./${name}` : name;
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
