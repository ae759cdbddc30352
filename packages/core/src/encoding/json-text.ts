import { ok, type Result, refuse } from './result.ts';
import { isWellFormed } from './utf8.ts';

/** A JSON value of this interface: numbers are safe integers. Objects that were read have no prototype. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Arrays and objects inside one another at most. */
export const MAX_JSON_DEPTH = 16;

const SPACE = /[\t\n\r ]*/y;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const INTEGER = /^(?:0|-?[1-9][0-9]{0,15})$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings hold none
const STRING = /"[^"\\\u0000-\u001f]*(?:\\.[^"\\\u0000-\u001f]*)*"/y;
const WORDS: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

class JsonTextFault extends Error {}

/**
 * One JSON text (RFC 8259), read so that nobody can read it otherwise: a name twice in one object, `__proto__`, a number
 * that is not a safe integer in its one form, a lone surrogate and more than 16 levels are `malformed`, as is what is no JSON.
 */
export function parseJson(text: string): Result<Json> {
  try {
    const input = new JsonText(text);
    const value = input.value(0);
    input.end();
    return ok(value);
  } catch (error) {
    if (error instanceof JsonTextFault) return refuse('malformed', `JSON: ${error.message}`);
    throw error;
  }
}

class JsonText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    if (depth > MAX_JSON_DEPTH) this.#stop(`more than ${MAX_JSON_DEPTH} levels`);
    this.#take(SPACE);
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#number();
  }

  end(): void {
    this.#take(SPACE);
    if (this.#at < this.#text.length) this.#stop('something after the value');
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    this.#at++;
    if (this.#next(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.#next(','));
    this.#expect(']');
    return items;
  }

  #object(depth: number): Json {
    const members: Record<string, Json> = Object.create(null);
    this.#at++;
    if (this.#next('}')) return members;
    do {
      this.#take(SPACE);
      const name = this.#string();
      if (name === '__proto__') this.#stop('the name __proto__');
      if (Object.hasOwn(members, name)) this.#stop(`the name ${JSON.stringify(name)} twice in one object`);
      this.#expect(':');
      members[name] = this.value(depth + 1);
    } while (this.#next(','));
    this.#expect('}');
    return members;
  }

  #string(): string {
    const found = this.#take(STRING);
    if (found === null) return this.#stop('expected a string');
    // What the pattern lets through can still hold an escape that does not exist.
    let value: string;
    try {
      value = JSON.parse(found) as string;
    } catch {
      return this.#stop('a string with a bad escape');
    }
    return isWellFormed(value) ? value : this.#stop('a string with a lone surrogate');
  }

  #number(): number {
    const found = this.#take(NUMBER);
    if (found === null) return this.#stop('expected a value');
    const value = Number(found);
    if (!INTEGER.test(found) || !Number.isSafeInteger(value)) this.#stop(`${found} is not a safe integer`);
    return value;
  }

  /** Goes past `mark` if it comes next. */
  #next(mark: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#next(mark)) this.#stop(`expected ${mark}`);
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #stop(what: string): never {
    throw new JsonTextFault(`${what} (position ${this.#at})`);
  }
}
