import { VERDICTS } from '../receipts/verdict.ts';
import {
  jsonBoolean,
  jsonList,
  jsonNullable,
  jsonObject,
  jsonOneOf,
  jsonText,
  jsonUint,
  type Viewed,
} from './json-codec.ts';
import { asOfView, standingView } from './ledger-views.ts';
import { leafView } from './record-views.ts';

/** The log indexes, from `from` to below `to`, whose records a node looked through: all it holds. */
const coverView = jsonObject('Cover', { from: jsonUint, to: jsonUint });

/** What a standing comes to on a day; after the day `until` it is `next`, where the last record says so. */
const foundVerdictView = jsonObject('FoundVerdict', {
  word: jsonOneOf(...VERDICTS),
  inForce: jsonBoolean,
  until: jsonNullable(jsonText),
  next: jsonNullable(jsonOneOf(...VERDICTS)),
});

/**
 * One page of a search, newest first. Title and number are those that hold for the record, also where an earlier record of
 * its subject gave them. `next` is the `cursor` of the following page, null at the end; a page may have fewer than were
 * asked for, or none, and still have a next one.
 */
export const searchPageView = jsonObject('SearchPage', {
  results: jsonList(
    jsonObject('SearchResult', {
      index: jsonUint,
      leaf: leafView,
      title: jsonNullable(jsonText),
      number: jsonNullable(jsonText),
      /** The date that the document bears, else that of its record in China. */
      date: jsonText,
      /** The subject as it stands now. */
      standing: jsonNullable(standingView),
      /** What the record made of it when the search began, judged on the day `at`; null: it had a later record then. */
      verdict: jsonNullable(foundVerdictView),
    }),
  ),
  next: jsonNullable(jsonText),
  /** Day in China on which verdicts are judged. */
  at: jsonText,
  covers: coverView,
  asOf: asOfView,
});
/** A page of a search as the interface shows it. */
export type SearchPageView = Viewed<typeof searchPageView>;

/**
 * Subjects around one, the first in the list, and the links between their records: `from` and `to` number the subjects,
 * `record` is the log index of the record that links, `target` that of the record it names.
 */
export const subjectGraphView = jsonObject('SubjectGraph', {
  nodes: jsonList(
    jsonObject('GraphNode', {
      standing: standingView,
      title: jsonNullable(jsonText),
      /** Links between it and the first. */
      depth: jsonUint,
    }),
  ),
  edges: jsonList(
    jsonObject('GraphEdge', {
      rel: jsonText,
      from: jsonUint,
      to: jsonUint,
      record: jsonUint,
      target: jsonUint,
    }),
  ),
  /** Whether that is all to this depth; else a bound was reached, or the node does not hold what is older. */
  complete: jsonBoolean,
  asOf: asOfView,
});
/** A graph of subjects as the interface shows it. */
export type SubjectGraphView = Viewed<typeof subjectGraphView>;
