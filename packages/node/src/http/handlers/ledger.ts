import {
  bodyPlaceParam,
  type Codec,
  decode,
  memberValueCodec,
  observersValueCodec,
  type PublisherValue,
  publisherValueCodec,
  quorum,
  type Routes,
  rolesToTexts,
  stateName,
  text,
  tuple,
} from '@qifeng/core';
import type { ListedKind } from '../../ports/ledger-store.ts';
import type { ExecutedSubmission, NodeService } from '../../ports/node-service.ts';
import { fold } from '../../search/words.ts';
import { accusedIn, evidenceIn } from '../accusations.ts';
import type { Handlers } from '../call.ts';
import { HttpProblem } from '../problem.ts';
import { asOf, certifiedHeight, checkpointAt, currentEpoch, epochOf, stateValue, stored } from '../state.ts';

const PAGE = 64;
/** Publishers that are read for one page, about 15 µs each. */
const MOST_READ = 2_000;
/** Where the bodies of a chain begin. */
const FIRST_PLACE = { height: 1, position: 0 };

/** A publisher as the interface shows it. */
function publisherOf(id: string, value: PublisherValue) {
  return { id, ...value, roles: rolesToTexts(value.roles) };
}
type PublisherView = ReturnType<typeof publisherOf>;

const nameCodec = tuple(text(64), text(64));

/** Answers about blocks, members, publishers and the network. */
export function ledgerHandlers(
  service: NodeService,
): Handlers<
  Pick<Routes, 'publishers' | 'publisher' | 'block' | 'executed' | 'members' | 'network' | 'evidence'>
> {
  const { ledger, chain } = service;
  return {
    publishers: ({ query: { name, after = '', limit = PAGE } }) => {
      const publishers: PublisherView[] = [];
      // Codes have one length, so their names are in the same order.
      const above = after === '' ? undefined : stateName('publisher', after);
      const sought = fold(name ?? '');
      let last = after;
      let reads = 0;
      for (const [id, value] of listed(service, 'publisher', publisherValueCodec, above)) {
        // There is one more than the page has, or than it may cost.
        if (publishers.length === limit || reads++ === MOST_READ)
          return { status: 200, value: { publishers, next: last } };
        last = id;
        if (fold(value.name).includes(sought)) publishers.push(publisherOf(id, value));
      }
      return { status: 200, value: { publishers, next: null } };
    },
    publisher: ({ params: { id } }) => {
      const value = stateValue(service, publisherValueCodec, 'publisher', id);
      if (value === null) throw HttpProblem.of('no-publisher', `no publisher ${id} is enrolled`);
      return { status: 200, value: publisherOf(id, value) };
    },
    block: ({ params }) => {
      const height = params.height === 'latest' ? (ledger.head()?.header.height ?? 0) : params.height;
      requireBlock(service, height);
      const header = ledger.header(height);
      const checkpoint = checkpointAt(ledger, height);
      if (header === null || checkpoint === null)
        throw HttpProblem.of('no-block', `block ${height} is not executed here`);
      const first = checkpointAt(ledger, height - 1)?.size ?? 0;
      const certified = (certifiedHeight(ledger) ?? 0) >= height;
      const hash = checkpoint.blockHash;
      return {
        status: 200,
        value: { hash, header, checkpoint, certified, first, count: checkpoint.size - first },
      };
    },
    executed: ({ query: { from = FIRST_PLACE, limit = PAGE } }) => {
      requireBlock(service, from.height);
      const { submissions, next } = service.executed(from, limit);
      return {
        status: 200,
        value: {
          submissions: submissions.map(executedOf),
          next: next === null ? null : bodyPlaceParam.format(next),
        },
      };
    },
    members: () => {
      const number = currentEpoch(service);
      const epoch = epochOf(service, number)!;
      const keys = new Map(epoch.validators.map(validator => [validator.code, validator]));
      const members = [...listed(service, 'member', memberValueCodec)].map(([code, value]) => ({
        code,
        ...value,
        key: keys.get(code)?.key ?? null,
        logKey: keys.get(code)?.logKey ?? null,
      }));
      const following = stateValue(service, observersValueCodec, 'observers');
      const { observers, removal } = following ?? { observers: [], removal: null };
      return { status: 200, value: { epoch: number, quorum: quorum(epoch.n), members, observers, removal } };
    },
    network: () => {
      const standing = service.standing();
      return {
        status: 200,
        value: {
          name: chain.genesis.name,
          genesis: chain.hash,
          origin: chain.origin,
          suite: chain.genesis.suite,
          ...standing,
          accused: accusedIn(service, standing.epoch),
          height: asOf(service).height,
          certified: certifiedHeight(ledger),
          size: ledger.head()?.size ?? 0,
        },
      };
    },
    evidence: ({ query: { epoch = currentEpoch(service) } }) => {
      if (epochOf(service, epoch) === null)
        throw HttpProblem.of('no-epoch', `there is no epoch ${epoch} yet`);
      return { status: 200, value: { epoch, accused: evidenceIn(service, epoch) } };
    },
  };
}

/** Refuses blocks that the node's store, made from a snapshot, does not hold. */
function requireBlock({ ledger }: NodeService, height: number): void {
  const base = ledger.base();
  if (base !== null && height <= base.height)
    throw HttpProblem.of('not-held', `this node began with a snapshot of block ${base.height}`);
}

/** What was refused may have been refused because nobody shall read it: of that only what the state remembers is shown. */
function executedOf({ submission, outcome: { id, height, refusal } }: ExecutedSubmission) {
  const { header, headerBytes, signature } = submission;
  if (refusal === null) return { height, id, recorded: { header: headerBytes, signature }, refused: null };
  const { code, entry } = refusal;
  return { height, id, recorded: null, refused: { expires: header.expires, code, entry } };
}

/** All values of a kind whose name is one text, in order of that text; with `after` those above that name. */
function* listed<T>(
  { ledger }: NodeService,
  kind: ListedKind,
  codec: Codec<T>,
  after?: Uint8Array,
): Generator<readonly [name: string, value: T]> {
  for (const [name, value] of ledger.stateOfKind(kind, after))
    yield [stored(decode(nameCodec, name), 'a name')[1], stored(decode(codec, value), `a ${kind}`)];
}
