import { toHex } from '../encoding/bytes.ts';
import type { Lang } from './catalogue.ts';
import { alignColumns, padTo, textWidth, visible } from './columns.ts';
import type { CliError, Complaint } from './complaint.ts';
import { shellMessages } from './shell-messages.ts';
import type { Paint, Streams } from './streams.ts';

/** A labelled value; null leaves the row out. */
export type Row = readonly [label: string, value: string | null];

/** Writes a command's answer. Every value from outside is made visible before it is coloured. */
export class Output {
  readonly #streams: Streams;
  readonly #paint: Paint;

  constructor(streams: Streams, paint: Paint) {
    this.#streams = streams;
    this.#paint = paint;
  }

  line(text = ''): void {
    this.#streams.stdout(`${text}\n`);
  }

  /** ✓ or ✗ for a check, – where nothing was checked. */
  mark(good: boolean | null): string {
    if (good === null) return this.#paint.dim('–');
    return good ? this.#paint.green('✓') : this.#paint.red('✗');
  }

  /** A word of ours in green or red, yellow for what is neither. */
  painted(good: boolean | null, word: string): string {
    if (good === null) return this.#paint.yellow(word);
    return good ? this.#paint.green(word) : this.#paint.red(word);
  }

  /** A heading: mark, name, and a remark beside it. */
  heading(good: boolean | null, name: string, remark: string): void {
    const shade = good === null ? this.#paint.dim : good ? this.#paint.green : this.#paint.red;
    this.line(`${this.mark(good)} ${this.#paint.bold(visible(name))}  ${shade(visible(remark))}`.trimEnd());
  }

  /** One check of several on a line of its own; null parts are left out. */
  checked(good: boolean | null, parts: readonly (string | null)[], indent = 4): void {
    const shown = parts.filter(part => part !== null).map(visible);
    this.line(`${' '.repeat(indent)}${this.mark(good)} ${shown.join('  ')}`);
  }

  sentence(text: string, indent = 4): void {
    this.line(' '.repeat(indent) + visible(text));
  }

  note(text: string, indent = 4): void {
    this.line(' '.repeat(indent) + this.#paint.dim(visible(text)));
  }

  rows(rows: readonly Row[], indent = 4): void {
    const shown = rows.filter(([, value]) => value !== null);
    const width = Math.max(0, ...shown.map(([label]) => textWidth(label)));
    for (const [label, value] of shown)
      this.line(
        `${' '.repeat(indent)}${this.#paint.dim(padTo(visible(label), width))}  ${visible(value ?? '')}`,
      );
  }

  /** Cells under one another; they may be painted, so they are taken as they are. */
  table(lines: readonly (readonly string[])[]): void {
    for (const line of alignColumns(lines)) this.line(line);
  }

  /** The one JSON value of a command: bytes as lowercase hex, maps as objects. */
  json(value: unknown): void {
    this.line(toJson(value));
  }
}

/** JSON text in which bytes are lowercase hex and maps are objects. */
function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => {
      if (part instanceof Uint8Array) return toHex(part);
      return part instanceof Map ? Object.fromEntries(part) : part;
    },
    2,
  );
}

/** Rows of a complaint below its first sentence. */
export function complaintRows({ why, next }: Complaint, lang: Lang): readonly Row[] {
  const words = shellMessages(lang);
  return [
    [words.why, why],
    [words.next, next],
  ];
}

/** The command that failed, and how its errors are said. */
export interface Speaker {
  readonly command: string;
  readonly lang: Lang;
  readonly json: boolean;
}

/** An error that ended the whole command: a JSON object on stdout with `--json`, else sentences on stderr. */
export function writeError(error: CliError, streams: Streams, paint: Paint, speaker: Speaker): void {
  const { code, complaint } = error;
  if (speaker.json) {
    streams.stdout(`${toJson({ error: { code, ...complaint } })}\n`);
    return;
  }
  const rows = complaintRows(complaint, speaker.lang).filter(([, value]) => value !== null);
  const width = Math.max(...rows.map(([label]) => textWidth(label)));
  streams.stderr(`${paint.red(speaker.command)}: ${visible(complaint.what)}\n`);
  for (const [label, value] of rows)
    streams.stderr(`  ${paint.dim(padTo(label, width))}  ${visible(value ?? '')}\n`);
}
