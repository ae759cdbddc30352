// That proven records are all there are of something, and that checkpoints are of one log (FORMATS, "Completeness").

import { must } from './cbor.mjs';
import { hex } from './text.mjs';

const sameDigest = (a, b) => a !== null && hex(a[1]) === hex(b[1]) && a[0] === b[0];

/** Number of a record among those of its subject or publisher, and the index of the one before; null for one of another. */
const PLACES = {
  subject: ([profile, issuer, id], { entry, version, subjectPrev }) =>
    entry[0] === profile && entry[2][0] === issuer && entry[2][1] === id ? [version, subjectPrev] : null,
  publisher: ([id], { publisher, seq, publisherPrev }) => (publisher === id ? [seq, publisherPrev] : null),
};

/** What the state says of its records: how many, and the first and the last where it says so. */
const COUNTS = {
  subject: ([, , last, count]) => ({ count, last }),
  publisher: value => ({ count: value[8], last: value[9] }),
  digest: ([first, last, count]) => ({ count, first, last }),
};

/** That `records`, each `{index, leaf}` and proven, are all that `value` counts under the name; how many there are. */
export function checkAll([kind, ...name], value, records) {
  const indexes = records.map(({ index }) => index).sort((a, b) => a - b);
  must(new Set(indexes).size === indexes.length, 'a record is given twice');
  const { count, first, last } = value === null ? { count: 0 } : COUNTS[kind](value);
  must(records.length === count, `${records.length} records are given, the state counts ${count}`);
  if (count === 0) return count;
  must(indexes.at(-1) === last, `record ${last} is the last one, and is not given`);
  if (kind === 'digest') {
    must(indexes[0] === first, `record ${first} is the first one, and is not given`);
    for (const { index, leaf } of records)
      must(sameDigest(leaf.digest, name), `record ${index} is of another digest`);
    return count;
  }
  // Oldest first: number i + 1 names the one before it, the first names none.
  const inOrder = records.toSorted((a, b) => a.index - b.index);
  for (const [i, { index, leaf }] of inOrder.entries()) {
    const place = PLACES[kind](name, leaf);
    must(place !== null, `record ${index} is of something else`);
    const [number, before] = place;
    must(number === i + 1, `record ${index} is number ${number}, not ${i + 1}`);
    must(before === (inOrder[i - 1]?.index ?? null), `record ${index} does not follow the one before it`);
  }
  return count;
}

/** That verified checkpoints, with the text each, do not exclude each other by what they say alone. */
export function checkOneLog(heads) {
  const inOrder = heads.toSorted((a, b) => a.height - b.height);
  for (const [i, high] of inOrder.entries()) {
    const low = inOrder[i - 1];
    if (low === undefined) continue;
    if (low.height === high.height) must(low.text === high.text, `block ${high.height} has two checkpoints`);
    must(low.size <= high.size && low.epoch <= high.epoch, `log or epoch goes back at block ${high.height}`);
    if (low.size === high.size) must(hex(low.root) === hex(high.root), `two roots of size ${low.size}`);
  }
}
