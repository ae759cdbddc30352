import { percentDecoded, plainNumbers } from './plain-numbers.ts';
import { isBillCode, isCertificateId, isDate, isRegion } from './standard-codes.ts';
import { isUscc } from './uscc.ts';

/** What of a person a text may hold. */
export type Personal = 'an identity number' | 'a mobile number';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';
/** Digests and UUIDs in hex, which by chance hold eleven digits in a row; a letter tells them from a number. */
const HEX =
  /(?<![0-9A-Za-z])(?:0X)?(?:[0-9A-Fa-f]{32,}|[0-9A-Fa-f]{8}(?: [0-9A-Fa-f]{4}){3} [0-9A-Fa-f]{12})(?![0-9A-Za-z])/g;
/**
 * Shorter numbers in hex, of 64 bits and more. One in 2,000 holds eleven digits that pass for a mobile number; letters in two places
 * tell it from an order number with a letter and a mobile number, as 2024E13800138000.
 */
const SHORT_HEX =
  /(?<![0-9A-Za-z])(?:0X)?(?=[0-9]+[A-Fa-f]+[0-9]+[A-Fa-f]|[A-Fa-f]+[0-9]+[A-Fa-f]+[0-9])[0-9A-Fa-f]{16,31}(?![0-9A-Za-z])/g;
const CERTIFICATE = /1\.2\.156\.3005\.2\.[0-9A-Z]{21}\.[0-9A-Z]{18}\.[0-9A-Z]{1,40}\.[0-9]{3}\.[0-9A-Z]/g;
const CODE = /(?<![0-9A-Za-z])[0-9A-Z]{18}(?![0-9A-Za-z])/g;
/** How a mobile number is broken into groups; other ways are those of serial numbers with a year. */
const MOBILE_GROUPS = ['11', '3,4,4', '3,3,5', '3,8', Array(11).fill(1).join()];
/** What comes before a mobile number from abroad, by its length. */
const ABROAD: Readonly<Record<number, string>> = { 0: '', 2: '86', 4: '0086' };
/** How one of the numbers of 15 digits, which have no check character, is. */
const OLD_GROUPS = ['15', '6,6,3'];

/**
 * What of a person stands in a text, or null: a resident identity number of 18 characters (GB 11643: region, date of birth,
 * check character) or of the old 15 digits (region and date alone), or a mainland mobile number; whatever form its digits have,
 * and broken into groups as such numbers are. Numbers of things pass, by their own check characters and forms. Linear in the text.
 */
export function personalIn(text: string): Personal | null {
  const decoded = percentDecoded(text);
  return (
    personalInPlain(plainNumbers(text)) ?? (decoded === text ? null : personalInPlain(plainNumbers(decoded)))
  );
}

function personalInPlain(plain: string): Personal | null {
  const text = plain
    .replace(HEX, token => (/[A-Fa-f]/.test(token) ? '#' : token))
    .replace(CERTIFICATE, token => (isCertificateId(token) ? '#' : token));
  const chains = chainsIn(text);
  // A company's code that is a person's number as well is taken for that.
  if (anyIn(chains, isIdentity)) return 'an identity number';
  const named = text.replace(CODE, token => (isUscc(token) && isRegion(token.slice(2, 8)) ? '#' : token));
  const rest = named === text ? chains : chainsIn(named);
  if (anyIn(rest, isOldIdentity)) return 'an identity number';
  // Eleven digits have no check character that would tell a number in hex from a person's.
  const sought = named.replace(SHORT_HEX, '#');
  return anyIn(sought === named ? rest : chainsIn(sought), isMobile) ? 'a mobile number' : null;
}

/** Groups of digits that are up to three breaks apart. */
interface Chain {
  /** All its digits. */
  readonly digits: string;
  /** The lengths of its groups. */
  readonly lengths: readonly number[];
  /** What stands before each group. */
  readonly gaps: readonly string[];
  /** Whether an X comes after it. */
  readonly beforeX: boolean;
}

/** Whole groups of a chain that follow each other: from and up to these, with so many digits from `start` on. */
interface Run {
  readonly chain: Chain;
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly length: number;
}

function chainsIn(text: string): readonly Chain[] {
  return Array.from(text.matchAll(/[0-9]+(?:[ .]{1,3}[0-9]+)*(?:[ .]{0,3}X)?/g), ([chain]) => {
    const groups = chain.match(/[0-9]+/g)!;
    return {
      digits: groups.join(''),
      lengths: groups.map(group => group.length),
      gaps: chain.split(/[0-9]+/),
      beforeX: chain.endsWith('X'),
    };
  });
}

function anyIn(chains: readonly Chain[], isSought: (run: Run) => boolean): boolean {
  for (const chain of chains) {
    const { lengths } = chain;
    let start = 0;
    for (let from = 0; from < lengths.length; from++) {
      let length = 0;
      // No number that is looked for has more digits.
      for (let to = from; to < lengths.length && length < 18; to++) {
        length += lengths[to]!;
        if (length >= 11 && length <= 18 && isSought({ chain, from, to, start, length })) return true;
      }
      start += lengths[from]!;
    }
  }
  return false;
}

function groupsOf({ chain: { lengths }, from, to }: Run): string {
  return lengths.slice(from, to + 1).join();
}

/** The check character of GB 11643 is ISO 7064 MOD 11-2. */
function isIdentity(run: Run): boolean {
  const { chain, to, start, length } = run;
  const isBeforeX = length === 17 && chain.beforeX && to === chain.lengths.length - 1;
  if ((length !== 18 && !isBeforeX) || !['18', '19', '20'].includes(chain.digits.slice(start + 6, start + 8)))
    return false;
  const digits = chain.digits.slice(start, start + length);
  if (!isRegion(digits.slice(0, 6)) || !isDay(digits.slice(6, 14))) return false;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  // A 财政电子票据 is named by its code and its number.
  const isBill = groupsOf(run) === '8,10' && isBillCode(digits.slice(0, 8));
  return CHECKS[sum % 11] === (digits[17] ?? 'X') && !isBill;
}

function isOldIdentity(run: Run): boolean {
  if (run.length !== 15 || !OLD_GROUPS.includes(groupsOf(run))) return false;
  const digits = run.chain.digits.slice(run.start, run.start + 15);
  return isRegion(digits.slice(0, 6)) && isDay(`19${digits.slice(6, 12)}`);
}

function isMobile(run: Run): boolean {
  const { chain, from, to, start, length } = run;
  // 86 and 0086 come before eleven digits.
  const abroad = length - 11;
  const head = ABROAD[abroad];
  if (head === undefined || !chain.digits.startsWith(head, start)) return false;
  if (!/^1[3-9]/.test(chain.digits.slice(start + abroad, start + abroad + 2))) return false;
  const [first = 0, ...others] = chain.lengths.slice(from, to + 1);
  const own = first === abroad ? others : [first - abroad, ...others];
  const isDecimal = to === from + 1 && chain.gaps[to]!.includes('.');
  return MOBILE_GROUPS.includes(own.join()) && !isDecimal;
}

function isDay(eight: string): boolean {
  return isDate(`${eight.slice(0, 4)}-${eight.slice(4, 6)}-${eight.slice(6)}`);
}
