import { resolve } from 'node:path';
import {
  CliError,
  type Entry,
  EXIT,
  type ExitCode,
  formatReceipt,
  invariant,
  MAX_PROOF_BYTES,
  type Opening,
  parseReceipt,
  shellMessages,
  usageFault,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { writeWhole } from '../../../files/write.ts';
import type { Names } from '../../../register/register.ts';
import type { Context } from '../../context.ts';
import { disclosedRows, placeText } from '../../disclosed.ts';
import { faultText } from '../../fault-text.ts';
import { explainFault } from '../../faults.ts';
import { fileError, readSmall } from '../../files.ts';
import { fieldTitle } from '../../record-words.ts';
import { registerOf, requireChain } from '../../trust.ts';
import { presentMessages } from './messages.ts';

/** Arguments of `present` as they were typed. */
export interface PresentFlags {
  readonly disclose: string;
  readonly out: string;
  readonly genesis?: string;
}

/** Writes a receipt that opens the chosen places of a sealed record and no other; 1 if the receipt does not verify. */
export async function present(path: string, flags: PresentFlags, context: Context): Promise<ExitCode> {
  const { io, out, lang } = context;
  const words = presentMessages(lang);
  const chain = await requireChain(flags.genesis, context);
  const [from, to] = [resolve(io.cwd, path), resolve(io.cwd, flags.out)];
  if (from === to) throw usageFault('same-file', words.same, words.sameNext);
  const bytes = await readSmall(from, path, MAX_PROOF_BYTES, context);
  const trust = { chain, suite: nativeSuite, digests: null };
  const whole = verifyReceipt(bytes, trust);
  if (!whole.ok) {
    const { code, detail } = whole.fault;
    const { next } = explainFault(code, lang);
    throw new CliError(EXIT.refuted, code, {
      what: words.unverified(path),
      why: faultText({ code, detail }, lang),
      next,
    });
  }
  if (whole.value.disclosed === null)
    throw usageFault('not-sealed', words.inTheOpen(path), words.inTheOpenNext);
  const parsed = parseReceipt(bytes);
  invariant(parsed.ok, 'a receipt that was verified is read');
  const { extra, ...rest } = parsed.value;
  if (extra.opening === null) throw usageFault('opening-missing', words.nothing(path), words.nothingNext);
  const names = registerOf(chain, context);
  const titles = titlesOf(whole.value.leaf.entry.value, names);
  const opening = chosen(extra.opening, flags.disclose, titles, context);
  const shown = formatReceipt({ ...rest, extra: { ...extra, opening } });
  const verified = verifyReceipt(shown, trust);
  invariant(verified.ok && verified.value.disclosed !== null, 'a part of what verified verifies');
  await writeWhole(to, shown).catch((error: unknown) => {
    throw fileError(error, flags.out, context);
  });
  const { hidden } = verified.value.disclosed;
  if (context.json) out.json({ receipt: path, presentation: flags.out, shown: [...opening.keys()], hidden });
  else {
    out.heading(true, flags.out, words.written);
    out.rows(disclosedRows(verified.value, names, lang));
  }
  return EXIT.done;
}

/** What a place of a record is called in each language. */
function titlesOf(entry: Entry, names: Names): (place: string) => readonly string[] {
  return place => (['zh', 'en'] as const).map(lang => fieldTitle(entry, placeText(place), names, lang));
}

/** The places that were named, by name or title, in the order of the receipt; `links` are all of them. */
function chosen(
  opening: Opening,
  names: string,
  titles: (place: string) => readonly string[],
  { lang }: Context,
): Opening {
  const words = presentMessages(lang);
  const wanted = names
    .split(/[,，]/)
    .map(name => name.trim())
    .filter(name => name !== '');
  if (wanted.length === 0) throw usageFault('no-names', words.noNames, knownNames(opening, lang));
  const isNamed = (place: string, name: string) => [place, placeText(place), ...titles(place)].includes(name);
  for (const name of wanted)
    if (![...opening.keys()].some(place => isNamed(place, name)))
      throw usageFault('unknown-name', words.unknown(name), knownNames(opening, lang));
  return new Map([...opening].filter(([place]) => wanted.some(name => isNamed(place, name))));
}

function knownNames(opening: Opening, lang: Context['lang']): string {
  const names = new Set([...opening.keys()].map(placeText));
  return presentMessages(lang).unknownNext([...names].join(shellMessages(lang).listSeparator));
}
