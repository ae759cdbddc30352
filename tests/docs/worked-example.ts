import { createHash, createPublicKey, verify } from 'node:crypto';

/** The values that a worked example names, in bytes. */
export type Values = ReadonlyMap<string, Uint8Array>;

const FENCE = /^```(hex|text|steps)(?: ([a-z0-9-]+))?\n([\s\S]*?)^```$/gm;

/**
 * Reads a worked example and does its sums again. Blocks: `hex NAME` holds bytes with comments after a semicolon;
 * `text NAME` a text as it stands; `steps` lines of `name = expression`, below each of which `= hex` says what comes
 * out, and `Ed25519(key, message, signature)`, which must hold. An expression is one of hex, "text" and names joined
 * by ‖, or SHA-256(…) of that, cut by [:n]. Throws at the first thing that is not so.
 */
export function workedExample(markdown: string): Values {
  const values = new Map<string, Uint8Array>();
  for (const [, kind, name, content] of markdown.matchAll(FENCE)) {
    if (kind === 'hex') values.set(nameOf(name), hex(content!.replace(/;.*$|\s/gm, '')));
    else if (kind === 'text') values.set(nameOf(name), utf8(content!));
    else steps(content!, values);
  }
  return values;
}

function nameOf(name: string | undefined): string {
  if (name === undefined) throw new Error('a block without a name');
  return name;
}

function steps(content: string, values: Map<string, Uint8Array>): void {
  let last: Uint8Array | null = null;
  for (const line of content.split('\n').map(text => text.replace(/;.*$/, '').trim())) {
    const definition = /^([a-z0-9-]+) += (.+)$/.exec(line);
    const result = /^= ([0-9a-f]+)$/.exec(line);
    const check = /^Ed25519\(([a-z0-9-]+), ([a-z0-9-]+), ([a-z0-9-]+)\)$/.exec(line);
    if (line === '') continue;
    if (definition !== null) {
      last = expression(definition[2]!, values);
      values.set(definition[1]!, last);
    } else if (result !== null) {
      if (last === null || toHex(last) !== result[1])
        throw new Error(`${line} should be ${toHex(last ?? new Uint8Array())}`);
    } else if (check !== null) {
      const [key, message, signature] = check.slice(1).map(name => expression(name, values));
      if (!ed25519(key!, message!, signature!)) throw new Error(`does not hold: ${line}`);
    } else throw new Error(`not a step: ${line}`);
  }
}

function expression(text: string, values: Values): Uint8Array {
  const cut = /^(.*)\[:(\d+)\]$/.exec(text);
  if (cut !== null) return expression(cut[1]!, values).slice(0, Number(cut[2]));
  const hashed = /^SHA-256\((.*)\)$/.exec(text);
  if (hashed !== null)
    return new Uint8Array(createHash('sha256').update(expression(hashed[1]!, values)).digest());
  const terms = text.split(' ‖ ').map(term => {
    const known = values.get(term);
    if (known !== undefined) return known;
    return /^".*"$/.test(term) ? utf8(term.slice(1, -1)) : hex(term);
  });
  return new Uint8Array(Buffer.concat(terms));
}

function ed25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
}

function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

function hex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) throw new Error(`neither a name nor hex: ${text}`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
