import { type Leaf, type StandingView, stateName } from '@qifeng/core';
import type { NodeService } from '../ports/node-service.ts';
import { titleOf } from '../search/document.ts';
import { SegmentReads } from '../search/segment-reads.ts';
import { leafAt, standingOf } from './state.ts';

/** How far from the first subject the others may be, and how many there may be. */
export interface GraphBounds {
  readonly depth: number;
  readonly nodes: number;
}

/** A subject in a graph. */
interface Node {
  readonly standing: StandingView;
  readonly title: string | null;
  readonly depth: number;
}

/** A link: `from` and `to` number the subjects, `record` and `target` are log indexes. */
interface Edge {
  readonly rel: string;
  readonly from: number;
  readonly to: number;
  readonly record: number;
  readonly target: number;
}

/** Records of one subject, links to one record, edges, and records read, at most. */
const MOST = { records: 64, links: 256, edges: 1024, reads: 2000 } as const;

/**
 * The subjects around one, breadth first along the links of their records in both directions. Nearer ones come first, and
 * within a bound the older links before the younger.
 */
export function subjectGraph(
  service: NodeService,
  start: StandingView,
  bounds: GraphBounds,
): { readonly nodes: readonly Node[]; readonly edges: readonly Edge[]; readonly complete: boolean } {
  return new Graph(service, bounds).around(start);
}

class Graph {
  readonly #service: NodeService;
  readonly #bounds: GraphBounds;
  readonly #nodes: Node[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #edges: Edge[] = [];
  readonly #known = new Set<string>();
  readonly #leaves = new Map<number, Leaf | null>();
  readonly #index: SegmentReads;
  #complete = true;

  constructor(service: NodeService, bounds: GraphBounds) {
    this.#service = service;
    this.#bounds = bounds;
    this.#index = new SegmentReads(service.ledger.search);
  }

  around(start: StandingView) {
    this.#add(start, 0);
    for (let number = 0; number < this.#nodes.length; number++)
      if (this.#nodes[number]!.depth < this.#bounds.depth) this.#follow(this.#nodes[number]!);
    return { nodes: this.#nodes, edges: this.#edges, complete: this.#complete };
  }

  /** Follows the links from and to the records of a subject. */
  #follow({ standing, depth }: Node): void {
    const { ledger } = this.#service;
    const { profile, issuer, id, version } = standing;
    const records = ledger.list('subject', stateName('subject', profile, issuer, id), 0, MOST.records);
    if (records.length < version) this.#complete = false;
    for (const index of records) {
      for (const { index: target } of this.#leaf(index)?.entry.value.links ?? [])
        this.#link(index, target, depth);
      const linking = ledger.search.linksTo(index);
      if (linking.length > MOST.links) this.#complete = false;
      for (const record of linking.slice(0, MOST.links)) this.#link(record, index, depth);
    }
  }

  /** Adds the links of one record to another, with their subjects. */
  #link(record: number, target: number, depth: number): void {
    if (this.#known.has(`${record} ${target}`)) return;
    const [linking, linked] = [this.#leaf(record), this.#leaf(target)];
    if (linking === null || linked === null) {
      this.#complete = false;
      return;
    }
    const { issuer, id } = linked.entry.value.subject;
    // A sealed link hides its target: it is no edge, as nothing that is visible says where it leads.
    const rels = linking.entry.value.links.filter(
      link => link.index === target && link.subject.issuer === issuer && link.subject.id === id,
    );
    if (rels.length === 0) return;
    const from = this.#numberOf(linking, depth + 1);
    const to = this.#numberOf(linked, depth + 1);
    if (from === null || to === null || this.#edges.length + rels.length > MOST.edges) {
      this.#complete = false;
      return;
    }
    this.#known.add(`${record} ${target}`);
    for (const { rel } of rels) this.#edges.push({ rel, from, to, record, target });
  }

  /** The number of a record's subject, which is added if there is room; else null. */
  #numberOf({ entry: { value } }: Leaf, depth: number): number | null {
    const { profile, subject } = value;
    const known = this.#numbers.get(`${profile}\n${subject.issuer}\n${subject.id}`);
    if (known !== undefined) return known;
    if (this.#nodes.length >= this.#bounds.nodes) return null;
    const standing = standingOf(this.#service, { profile, ...subject });
    return standing === null ? null : this.#add(standing, depth);
  }

  #add(standing: StandingView, depth: number): number {
    const number = this.#nodes.length;
    const { profile, issuer, id } = standing;
    this.#numbers.set(`${profile}\n${issuer}\n${id}`, number);
    this.#nodes.push({ standing, title: this.#titleOf(standing.head), depth });
    return number;
  }

  #titleOf(head: number): string | null {
    if (head < (this.#service.ledger.base()?.size ?? 0)) return null;
    const leaf = this.#leaf(this.#index.sources(head)[0]!);
    return leaf === null ? null : titleOf(leaf.entry.value);
  }

  /** A record, or null if it is not held here or too many were read. */
  #leaf(index: number): Leaf | null {
    const known = this.#leaves.get(index);
    if (known !== undefined) return known;
    if (this.#leaves.size >= MOST.reads) return null;
    const leaf = leafAt(this.#service.ledger, index);
    this.#leaves.set(index, leaf);
    return leaf;
  }
}
