import { equalBytes } from '@qifeng/core';
import {
  type CheckpointVote,
  type Evidence,
  type Message,
  prepareOf,
  type SignedVote,
} from '../consensus/messages.ts';
import type { State } from '../consensus/state.ts';

/** Places a member's last statements were made in, and statements in one place. */
const PLACES = 64;
const AT_ONE = 4;

type Watched = Pick<State, 'low' | 'config' | 'culprits'>;
type Statement = SignedVote | CheckpointVote;

/** One of the statements in a place, and whether its signature holds once that was asked. */
interface Said {
  readonly statement: Statement;
  check: Promise<boolean> | null;
  isSound: boolean;
}

/**
 * Finds who signs two things that exclude each other where these come too late for the protocol, which passes over what is
 * decided: a member that sends too much is read slowly, and might sign what it likes far behind the others. The last
 * statements of each member are remembered unchecked, of what it sent itself, and what others show of it that differs from
 * these; signatures are checked only where two differ, each once. A member that says something in 64 other places in between drives out what it said: that goes unnoticed.
 */
export class LateDoubles {
  readonly #verify: (message: Message) => Promise<boolean>;
  readonly #places = new Map<number, Map<string, Said[]>>();

  constructor(verify: (message: Message) => Promise<boolean>) {
    this.#verify = verify;
  }

  /**
   * Takes in what a member sent; resolves to evidence against it if this makes some, once what it needs is checked: whoever
   * awaits that bounds what waits to be. What is of another epoch, or far above the last final block, nobody goes by.
   */
  async found(state: Watched, from: number, message: Message): Promise<Evidence | null> {
    const { low, config, culprits } = state;
    const statement = statementIn(message);
    if (statement === null || from < 0 || culprits.has(statement.signer)) return null;
    if (statement.epoch !== config.epoch || statement.height > low + 2 * config.window) return null;
    const said = this.#saidAt(statement, from);
    // What anybody can make up keeps no place.
    while (said.length >= AT_ONE && said.some(({ isSound }) => !isSound)) await this.#sift(said);
    if (said.length >= AT_ONE || said.some(one => isKnownBy(one, statement))) return null;
    said.push({ statement, check: null, isSound: false });
    if (said.length < 2) return null;
    await this.#sift(said);
    const [first, second] = said.filter(({ isSound }) => isSound);
    return second === undefined ? null : evidenceOf(first!.statement, second.statement);
  }

  /** Leaves of what was said in a place what is its signer's own, each content once, and what was said meanwhile. */
  async #sift(said: Said[]): Promise<void> {
    await Promise.all(
      said.slice().map(async one => {
        one.check ??= this.#verify(messageOf(one.statement));
        const isSound = await one.check;
        if (!said.includes(one) || one.isSound) return;
        const isNew = !said.some(other => other.isSound && isSame(other.statement, one.statement));
        if (isSound && isNew) one.isSound = true;
        else said.splice(said.indexOf(one), 1);
      }),
    );
  }

  /** What was said in the place of a statement; only its signer itself opens a new one. */
  #saidAt(statement: Statement, from: number): Said[] {
    const { signer } = statement;
    const place = placeOf(statement);
    const places = this.#places.get(signer) ?? new Map<string, Said[]>();
    const said = places.get(place) ?? [];
    if (signer !== from) return said;
    this.#places.set(signer, places);
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

/** With the same content neither excludes the other. */
function isSame(one: Statement, other: Statement): boolean {
  return contentOf(one) === contentOf(other);
}

/** The same content under another signature may be the sound one of the two. */
function isKnownBy({ statement, isSound }: Said, other: Statement): boolean {
  return isSame(statement, other) && (isSound || equalBytes(statement.signature, other.signature));
}

function contentOf(statement: Statement): string {
  return 'text' in statement ? statement.text : statement.hash;
}

function evidenceOf(first: Statement, second: Statement): Evidence | null {
  if ('text' in first) return 'text' in second ? { type: 'checkpoints', first, second } : null;
  return 'text' in second ? null : { type: 'votes', first, second };
}
