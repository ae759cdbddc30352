// Which characters are written without spaces, and which make words: ranges by code unit, not \p classes, which grow with
// the engine, so that a term means the same on every node and after every update. A surrogate counts as an ideograph: those
// of the extensions B and up are pairs of them.

function isIdeograph(unit: number): boolean {
  return (
    (unit >= 0x3040 && unit <= 0x30ff) ||
    (unit >= 0x3400 && unit <= 0x9fff) ||
    (unit >= 0xac00 && unit <= 0xdfff) ||
    (unit >= 0xf900 && unit <= 0xfaff) ||
    unit === 0x3007
  );
}

function isWordUnit(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    (unit >= 0xc0 && unit <= 0x1fff && unit !== 0xd7 && unit !== 0xf7)
  );
}

/** Full-width forms as ASCII, ASCII letters in lower case. */
function foldUnit(unit: number): number {
  const narrow = unit >= 0xff01 && unit <= 0xff5e ? unit - 0xfee0 : unit;
  return narrow >= 0x41 && narrow <= 0x5a ? narrow + 0x20 : narrow;
}

/** A text as it is compared: full-width forms as ASCII, ASCII letters in lower case, any other as it is. */
export function fold(text: string): string {
  let folded = '';
  for (let i = 0; i < text.length; i++) folded += String.fromCharCode(foldUnit(text.charCodeAt(i)));
  return folded;
}

const PRIME = 0x01000193;

/** The last step of MurmurHash3 (32 bits): every bit of the result depends on every bit given. Signed: V8 keeps that off its heap. */
function mixed(bits: number): number {
  let hash = bits ^ (bits >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** What a term that is no word of a text is about; the seeds of its hash. */
export const TERM = {
  word: 0x811c9dc5,
  profile: 0x811c9dc6,
  issuer: 0x811c9dc7,
  region: 0x811c9dc8,
  number: 0x811c9dc9,
} as const;

/** The term of a whole text of one kind: FNV-1a over its code units, mixed. */
export function termOf(kind: number, text: string): number {
  let hash = kind;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return mixed(hash);
}

/**
 * Adds the terms of a text: each pair of ideographs that stand together, and each word of letters and digits. Titles in
 * Chinese have no spaces, and pairs find any two characters or more without a dictionary.
 */
export function addTerms(text: string, terms: number[]): void {
  let before = 0;
  let word: number = TERM.word;
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? foldUnit(text.charCodeAt(i)) : 0;
    if (isWordUnit(unit)) {
      word = Math.imul(word ^ unit, PRIME);
      before = 0;
      continue;
    }
    if (word !== TERM.word) {
      terms.push(mixed(word));
      word = TERM.word;
    }
    const ideograph = isIdeograph(unit);
    if (ideograph && before !== 0) terms.push(mixed((before << 16) ^ unit ^ 0x5bd1e995));
    before = ideograph ? unit : 0;
  }
}

/** What a text consists of: words of letters and digits, and runs of ideographs, folded. */
export function partsOf(text: string): {
  readonly words: readonly string[];
  readonly runs: readonly string[];
} {
  const words: string[] = [];
  const runs: string[] = [];
  const folded = fold(text);
  for (let i = 0; i < folded.length; ) {
    const holds = isIdeograph(folded.charCodeAt(i)) ? isIdeograph : isWordUnit;
    let end = i;
    while (end < folded.length && holds(folded.charCodeAt(end))) end++;
    if (end > i) (holds === isIdeograph ? runs : words).push(folded.slice(i, end));
    i = Math.max(end, i + 1);
  }
  return { words, runs };
}
