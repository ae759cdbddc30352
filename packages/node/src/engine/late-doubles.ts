import {
  type CheckpointVote,
  type Evidence,
  type Message,
  prepareOf,
  type SignedVote,
} from '../consensus/messages.ts';
import type { State } from '../consensus/state.ts';

/** Places a member's last statements were made in, and statements in one place that are not yet known to be its own. */
const PLACES = 64;
const AT_ONE = 4;

type Watched = Pick<State, 'low' | 'config' | 'culprits'>;
type Statement = SignedVote | CheckpointVote;

/** What was said in one place, and whether its signature was checked and holds. */
interface Said {
  readonly statement: Statement;
  isSound: boolean;
}

/**
 * Finds who signs two things that exclude each other where these come too late for the protocol, which passes over what is
 * decided: a member that sends too much is read slowly, and might sign what it likes far behind the others. The last
 * statements of each member are remembered unchecked, of what it sent itself; signatures are checked only where two differ.
 */
export class LateDoubles {
  readonly #verify: (message: Message) => Promise<boolean>;
  readonly #places = new Map<number, Map<string, Said[]>>();

  constructor(verify: (message: Message) => Promise<boolean>) {
    this.#verify = verify;
  }

  /**
   * Takes in what a member sent; resolves to evidence against it once there is some. What is far above the last final block is
   * nothing that anybody goes by.
   */
  async found(state: Watched, from: number, message: Message): Promise<Evidence | null> {
    const statement = statementIn(message);
    if (statement === null || statement.signer !== from || state.culprits.has(from)) return null;
    if (statement.height > state.low + 2 * state.config.window) return null;
    const said = this.#saidAt(from, placeOf(statement));
    const isKnown = said.some(one => contentOf(one.statement) === contentOf(statement));
    if (isKnown || said.length >= AT_ONE) return null;
    said.push({ statement, isSound: false });
    if (said.length < 2) return null;
    for (const one of said.slice()) {
      one.isSound ||= await this.#verify(messageOf(one.statement));
      // What anybody can make up keeps no place.
      if (!one.isSound && said.includes(one)) said.splice(said.indexOf(one), 1);
    }
    const [first, second] = said.filter(({ isSound }) => isSound);
    return second === undefined ? null : evidenceOf(first!.statement, second.statement);
  }

  #saidAt(signer: number, place: string): Said[] {
    const places = this.#places.get(signer) ?? new Map<string, Said[]>();
    this.#places.set(signer, places);
    const said = places.get(place) ?? [];
    if (!places.has(place)) places.set(place, said);
    if (places.size > PLACES) {
      const [oldest] = places.keys();
      places.delete(oldest!);
    }
    return said;
  }
}

/** A proposal is its proposer's PREPARE. */
function statementIn(message: Message): Statement | null {
  if (message.type === 'vote' || message.type === 'checkpoint-vote') return message.vote;
  return message.type === 'proposal' ? prepareOf(message.proposal) : null;
}

function messageOf(statement: Statement): Message {
  return 'text' in statement
    ? { type: 'checkpoint-vote', vote: statement }
    : { type: 'vote', vote: statement };
}

function placeOf(statement: Statement): string {
  const { epoch, height } = statement;
  return 'text' in statement
    ? `${epoch} ${height}`
    : `${epoch} ${height} ${statement.kind} ${statement.view}`;
}

/** Of two with the same content neither excludes the other. */
function contentOf(statement: Statement): string {
  return 'text' in statement ? statement.text : statement.hash;
}

function evidenceOf(first: Statement, second: Statement): Evidence | null {
  if ('text' in first) return 'text' in second ? { type: 'checkpoints', first, second } : null;
  return 'text' in second ? null : { type: 'votes', first, second };
}
