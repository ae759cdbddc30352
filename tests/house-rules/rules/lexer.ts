/** One text in two views of the same length, so that an offset means the same place in all three. */
export interface Views {
  /** Comments replaced by blanks. */
  readonly code: string;
  /** Comments and the insides of strings, templates and regular expressions replaced by blanks. */
  readonly bare: string;
}

const REGEX_AFTER_WORD =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|void|delete|throw|new|await|yield|else|do)$/;
const REGEX_AFTER = new Set('(,=:[!&|?{};+-*%~^<>');

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

/** Whether a slash that follows this code starts a regular expression and is not a division. */
function startsRegex(before: string): boolean {
  const tail = before.trimEnd();
  return tail === '' || REGEX_AFTER.has(tail.at(-1) as string) || REGEX_AFTER_WORD.test(tail.slice(-12));
}

function endOfString(text: string, start: number): number {
  const quote = text[start];
  let i = start + 1;
  while (i < text.length && text[i] !== quote && text[i] !== '\n') i += text[i] === '\\' ? 2 : 1;
  return Math.min(i + 1, text.length);
}

function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let i = start + 1; i < text.length; i++) {
    const c = text[i];
    if (c === '\n') return start + 1;
    if (c === '\\') i += 1;
    else if (c === '[') inClass = true;
    else if (c === ']') inClass = false;
    else if (c === '/' && !inClass) return i + 1;
  }
  return start + 1;
}

/** The end of a template's text part: after the closing backtick or after `${`. */
function endOfTemplatePart(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '`') return i + 1;
    else if (text[i] === '$' && text[i + 1] === '{') return i + 2;
  }
  return text.length;
}

/**
 * Splits a TypeScript or JavaScript text into its two views. A light scanner, not a parser: it knows comments, strings,
 * templates with nested expressions, and regular expressions by what stands before the slash.
 */
export function views(text: string): Views {
  let code = '';
  let bare = '';
  let i = 0;
  /** For each open `${`, how many braces are open inside it. */
  const templates: number[] = [];

  const keep = (end: number, hideFrom: number, hideTo: number) => {
    code += text.slice(i, end);
    bare += text.slice(i, hideFrom) + blank(text.slice(hideFrom, hideTo)) + text.slice(hideTo, end);
    i = end;
  };
  const drop = (end: number) => {
    const blanks = blank(text.slice(i, end));
    code += blanks;
    bare += blanks;
    i = end;
  };
  const template = (from: number) => {
    const end = endOfTemplatePart(text, from);
    const opens = text.startsWith('${', end - 2) && end - 2 >= from;
    if (opens) templates.push(0);
    keep(end, from, Math.max(from, end - (opens ? 2 : 1)));
  };

  while (i < text.length) {
    const c = text[i] as string;
    if (text.startsWith('//', i) || (i === 0 && text.startsWith('#!'))) {
      const end = text.indexOf('\n', i);
      drop(end === -1 ? text.length : end);
    } else if (text.startsWith('/*', i)) {
      const end = text.indexOf('*/', i + 2);
      drop(end === -1 ? text.length : end + 2);
    } else if (c === "'" || c === '"') {
      const end = endOfString(text, i);
      keep(end, i + 1, end - 1);
    } else if (c === '`') {
      template(i + 1);
    } else if (c === '/' && startsRegex(bare.slice(-200))) {
      const end = endOfRegex(text, i);
      keep(end, i + 1, Math.max(i + 1, end - 1));
    } else {
      const depth = templates.at(-1);
      if (depth !== undefined && c === '{') templates[templates.length - 1] = depth + 1;
      if (depth !== undefined && c === '}') {
        if (depth === 0) {
          templates.pop();
          template(i + 1);
          continue;
        }
        templates[templates.length - 1] = depth - 1;
      }
      keep(i + 1, i + 1, i + 1);
    }
  }
  return { code, bare };
}

const cache = new Map<string, Views>();

/** `views`, remembered by text, since several rules look at the same files. */
export function viewsOf(text: string): Views {
  let seen = cache.get(text);
  if (seen === undefined) {
    seen = views(text);
    cache.set(text, seen);
  }
  return seen;
}
