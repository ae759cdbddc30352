/** What differs from run to run, and what stands for it. */
const VARIES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z| ?[+-]\d\d:\d\d)?/g, '<time>'],
  [/\b(height|block)(\s+)\d+/g, '$1$2<height>'],
  // Which of the validators were first.
  [/(cosigned by\s+).* \((\d+ of \d+ provinces)\)/g, '$1<members> ($2)'],
  [/\b(?!0{32})[0-9a-f]{32,}\b/g, '<hash>'],
  [/(127\.0\.0\.1:|-port )\d+/g, '$1<port>'],
  [/[ \t]+$/gm, ''],
];
/** Words before a log index. */
const INDEXED =
  /(\b(?:[Ii]ndex|[Rr]ecord)\s+|--from |--prev |[#@]|\/v1\/records\/|last record is |last record of its subject is |, not |prev says |(?<=index \d+) to )(\d+)\b/g;

/**
 * Outputs without what differs from run to run, so that a transcript can be compared: times, hashes, heights, addresses and
 * folders become names, and log indexes are counted from 0 in the order in which a script meets them.
 */
export class Normal {
  readonly #indexes = new Map<string, number>();
  readonly #places: readonly (readonly [place: string, name: string])[];

  /** `places` are texts of this run with what stands for them; one that holds another comes first. */
  constructor(places: readonly (readonly [place: string, name: string])[]) {
    this.#places = places;
  }

  text(output: string): string {
    let text = output;
    for (const [place, name] of this.#places) text = text.replaceAll(place, name);
    // The other ledger's record, among those of the one that is asked.
    text = text.replace(/(upper ledger.* log index )\d+/g, '$1<index>');
    text = text.replace(INDEXED, (_, before: string, index: string) => before + this.#index(index));
    for (const [pattern, name] of VARIES) text = text.replace(pattern, name);
    return text.trimEnd();
  }

  #index(index: string): number {
    const known = this.#indexes.get(index) ?? this.#indexes.size;
    this.#indexes.set(index, known);
    return known;
  }
}
