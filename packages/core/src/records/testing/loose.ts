import { CborWriter } from '../../encoding/cbor-writer.ts';

/** Anything CBOR can say here, without a schema. */
export type Loose =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly Loose[]
  | ReadonlyMap<string, Loose>;

/** CBOR of any value, map keys in the order given: what a dishonest writer could send. */
export function looseCbor(value: Loose): Uint8Array {
  const out = new CborWriter();
  write(out, value);
  return out.finish();
}

function write(out: CborWriter, value: Loose): void {
  if (value === null) out.nil();
  else if (typeof value === 'number') out.integer(value);
  else if (typeof value === 'string') out.text(value);
  else if (typeof value === 'boolean') out.boolean(value);
  else if (value instanceof Uint8Array) out.bytes(value);
  else if (isMap(value)) {
    out.map(value.size);
    for (const [key, item] of value) {
      out.text(key);
      write(out, item);
    }
  } else {
    out.array(value.length);
    for (const item of value) write(out, item);
  }
}

function isMap(value: Loose): value is ReadonlyMap<string, Loose> {
  return value instanceof Map;
}
