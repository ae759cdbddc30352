import { type Lang, toHex } from '@qifeng/core';
import type { Evidence } from './evidence.ts';
import { lawWords } from './law-words.ts';

/** One thing that anybody can do again, and the command for it. */
interface Recheck {
  readonly what: string;
  readonly command: string;
}

/** The commands by which the examination is made again, with the names of this report. */
export function recheckCommands({ file, receipt, chain }: Evidence, lang: Lang): readonly Recheck[] {
  const { recheck: words } = lawWords(lang);
  const [document, proof] = [shellWord(file.name), shellWord(receipt.name)];
  const digest = { sha256: `sha256sum ${document}`, sm3: `openssl dgst -sm3 ${document}` };
  return [
    { what: words.digest(toHex(file.digest.hash)), command: digest[file.digest.alg] },
    { what: words.genesis(toHex(chain.hash)), command: 'sha256sum genesis.cbor' },
    {
      what: words.verify,
      command: `qifeng verify ${document} --receipt ${proof} --genesis genesis.cbor --offline`,
    },
    { what: words.steps, command: `qifeng info ${proof} --genesis genesis.cbor` },
    { what: words.policy, command: 'qifeng policy --genesis genesis.cbor' },
  ];
}

/** A file's name as one word of a POSIX shell, never an option: whoever types what a report says runs nothing else. */
export function shellWord(name: string): string {
  const path = name.startsWith('-') ? `./${name}` : name;
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
