import { visible } from '@qifeng/core';

/** A piece of HTML. What comes from outside gets into one through `html` or `preformatted` only, which escape it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: markup as it is, text and numbers escaped, null for nothing. */
type Part = Markup | readonly Markup[] | string | number | null;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text from outside for an element or a quoted attribute: no character of it is markup, and controls, bidirectional
 * overrides and line separators are written out, so that none can turn what is printed around.
 */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, character => ENTITIES[character]!);
}

/** A template whose values are escaped unless they are markup. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, literal, i) => text + written(values[i - 1] ?? null) + literal));
}

/** Several lines from outside, their breaks kept; each is an element, so that its end shows where it is wrapped. */
export function preformatted(text: string): Markup {
  return new Markup(
    text
      .split('\n')
      .map(line => `<span>${escapeHtml(line)}</span>`)
      .join('\n'),
  );
}

function written(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  return typeof part === 'object' ? part.map(({ text }) => text).join('') : escapeHtml(String(part));
}
