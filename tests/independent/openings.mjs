// What a receipt opens of a sealed record (docs/FORMATS.md, "Sealed records").

import { decodeCbor, join, must } from './cbor.mjs';
import { hex, sha256 } from './text.mjs';

const utf8 = text => new TextEncoder().encode(text);
const isBytes = (value, length) => value instanceof Uint8Array && value.length === length;
const isSealedId = id => /^[0-9a-f]{64}$/.test(id);

/** The shape of an opening: place to `[salt, value]`, at least one. */
export function isOpening(opening) {
  return (
    opening instanceof Map &&
    opening.size > 0 &&
    [...opening.values()].every(
      pair =>
        Array.isArray(pair) &&
        pair.length === 2 &&
        isBytes(pair[0], 32) &&
        pair[1] instanceof Uint8Array &&
        pair[1].length > 0,
    )
  );
}

/**
 * Opens what `opening`, a map or null, opens of the decoded entry that is record `index`. Null for a record in the open, else
 * `{digest, values}`: that of the file or null, and the opened values by place.
 */
export function openRecord(entry, opening, index, say) {
  const [, , [issuer], digest, , links, meta] = entry;
  const places = new Map();
  for (const [name, value] of meta) if (isBytes(value, 32)) places.set(name, hex(value));
  if (opening === null && places.size === 0) return null;
  for (const [i, [, [of, id], at]] of links.entries())
    if (of === issuer && isSealedId(id) && at === 0) places.set(`link ${i}`, id);
  if (digest !== null) places.set('digest', hex(digest[1]));
  const opened = { digest: null, values: new Map() };
  for (const [place, [salt, bytes]] of opening ?? []) {
    must(places.has(place), `the record has no commitment ${place}`);
    const value = decodeCbor(bytes);
    must(committed(place, salt, bytes, value) === places.get(place), `${place} is not what was committed to`);
    checkValue(place, value, entry, index);
    if (place === 'digest') opened.digest = value;
    else opened.values.set(place, value);
    say(`the record holds a commitment to the ${place} that is shown`);
  }
  return opened;
}

function committed(place, salt, bytes, value) {
  if (place !== 'digest') {
    const length = utf8(place).length;
    must(length <= 64, 'the name of a place is too long');
    const head = length < 24 ? [0x60 + length] : [0x78, length];
    return hex(sha256(join(utf8('qifeng/commitment/v1\n'), salt, head, utf8(place), bytes)));
  }
  must(Array.isArray(value) && value.length === 2 && isBytes(value[1], 32), 'a bad digest is shown');
  return hex(sha256(join(utf8('qifeng/sealed/v1\n'), salt, value[1])));
}

/** That a value can stand in its place. */
function checkValue(place, value, [, , , digest, , links], index) {
  const isScalar = one => !(one instanceof Map) && !Array.isArray(one);
  if (place === 'digest') must(value[0] === digest[0], 'a digest of another algorithm is shown');
  else if (place === 'origin') must(Array.isArray(value) && value.length === 5, 'a bad origin is shown');
  else if (place.startsWith('link ')) {
    must(Array.isArray(value) && value.length === 3, 'a bad link is shown');
    must(value[0] === links[Number(place.slice(5))][0], 'a link of another relation is shown');
    must(value[2] < index, 'a link to a record that is not before this one');
  } else
    must(Array.isArray(value) ? value.every(isScalar) : isScalar(value), `a bad value of ${place} is shown`);
}
