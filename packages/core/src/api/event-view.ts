import type { Leaf } from '../records/leaf.ts';
import { jsonNullable, jsonObject, jsonText, jsonUint, type Viewed } from './json-codec.ts';
import { digestView, subjectView } from './record-views.ts';

/**
 * A final record as it is announced: what it is and where it stands, with its title if it has one. Its other metadata, links
 * and origin are asked for by `index`. `seq` and `version` number the records of its publisher and of its subject without a
 * gap, so that whoever follows all of either sees that nothing was left out.
 */
export const recordEventView = jsonObject('RecordEvent', {
  index: jsonUint,
  height: jsonUint,
  time: jsonUint,
  publisher: jsonText,
  seq: jsonUint,
  profile: jsonText,
  action: jsonText,
  subject: subjectView,
  version: jsonUint,
  digest: jsonNullable(digestView),
  title: jsonNullable(jsonText),
});
/** A final record as it is announced. */
export type RecordEvent = Viewed<typeof recordEventView>;

/** What is announced of the record at a log index. */
export function recordEvent(index: number, leaf: Leaf): RecordEvent {
  const { height, time, publisher, seq, version } = leaf;
  const { profile, action, subject, digest, meta } = leaf.entry.value;
  const title = meta.get('title');
  return {
    index,
    height,
    time,
    publisher,
    seq,
    profile,
    action,
    subject,
    version,
    digest,
    title: typeof title === 'string' ? title : null,
  };
}
