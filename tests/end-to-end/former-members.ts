import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answeredBy, CLAIMS, FAR, SAID, WAYS } from '../chaos/byzantine/votes-on.ts';
import { lying, MemberProcess } from '../chaos/network/member-process.ts';
import { type Network, type NetworkNode, until } from './network.ts';

type Said = (typeof SAID)[number];

/** What former members say while nothing can become final: there is no new checkpoint that they could cosign. */
export const STALLED: readonly Said[] = SAID.filter(said => said !== 'cosignature');

/** A member that lies: a process on a home. */
class Liar {
  readonly #life: MemberProcess;

  constructor(home: string, behaviour: string) {
    this.#life = new MemberProcess(process.execPath, lying(home, 1, [behaviour]), {}, `${home}.log`);
  }

  /** How many lies of a kind it told. */
  told(kind: string): number {
    return (this.#last?.['of'] as Readonly<Record<string, number>> | undefined)?.[kind] ?? 0;
  }

  /** The epoch that it is in; -1 while it has not said. */
  get epoch(): number {
    return (this.#last?.['epoch'] as number | undefined) ?? -1;
  }

  /** Lets it stop; throws if it had ended before, or its key had forgotten what it signed. */
  async end(): Promise<void> {
    const flaws = [
      ...(this.#life.end === null ? [] : ['it ended by itself']),
      ...(this.#life.said('amnesia').length === 0 ? [] : ['its key has forgotten']),
    ];
    await this.#life.stop();
    if (flaws.length > 0) throw new Error(`a liar: ${flaws}: ${JSON.stringify(this.#life.events.slice(-3))}`);
  }

  get #last() {
    return this.#life.said('lied').at(-1);
  }
}

/**
 * Members that left and vote on: each on a copy of its home, with the key that it voted with. One that still has a seat tells them
 * of what is proposed, as they hear only of what is decided: else they could vote for nothing in time.
 */
export class FormerMembers {
  readonly #network: Network;
  readonly #teller: NetworkNode;
  /** The voting keys of those that are about to leave: leaving erases them. */
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #liars = new Map<string, Liar>();

  constructor(network: Network, leaving: readonly NetworkNode[], teller: NetworkNode) {
    this.#network = network;
    this.#teller = teller;
    this.#keys = new Map(
      leaving.map(node => [node.member, readFileSync(join(node.home, 'keys', 'validator.pem'))]),
    );
  }

  /** They have left: all of them lie from now on. The node that tells them must be stopped. */
  start(): void {
    this.#liars.set(this.#teller.member, new Liar(this.#teller.home, 'tell-tale'));
    for (const [member, key] of this.#keys) {
      const home = join(this.#network.home, 'former', member);
      cpSync(join(this.#network.home, 'nodes', member), home, { recursive: true });
      writeFileSync(join(home, 'keys', 'validator.pem'), key, { mode: 0o600 });
      this.#liars.set(member, new Liar(home, 'votes-on'));
    }
  }

  /**
   * Waits until each, in this epoch, has told every lie with what is `said`, has claimed where it stands, and has an answer to
   * that of each of these members: what it said before had reached them.
   */
  async untilHeard(epoch: number, by: readonly string[], said: readonly Said[] = SAID): Promise<void> {
    await until(() => this.#former.every(liar => liar.epoch === epoch), `the liars are in epoch ${epoch}`);
    const lies = said.flatMap(one => WAYS.map(way => `${one} ${way}`));
    const kinds = [...lies, ...CLAIMS, ...by.map(answeredBy)];
    const before = this.#former.map(liar => kinds.map(kind => liar.told(kind)));
    const silent = (): readonly string[] =>
      this.#former.flatMap((liar, i) => kinds.filter((kind, j) => liar.told(kind) === before[i]![j]));
    await until(() => silent().length === 0, 'every lie').catch(() => {
      throw new Error(`lies that were not told or not answered: ${silent()}`);
    });
  }

  /** How many lies they told, and how many frames the one among the members gave away. */
  get counts(): { readonly lies: number; readonly told: number } {
    const lies = this.#former.reduce((sum, liar) => sum + liar.told('votes-on'), 0);
    return { lies, told: this.#liars.get(this.#teller.member)!.told('tell-tale') };
  }

  /** Ends those that run. */
  async end(): Promise<void> {
    const liars = [...this.#liars.values()];
    this.#liars.clear();
    await Promise.all(liars.map(liar => liar.end()));
  }

  get #former(): readonly Liar[] {
    return [...this.#keys.keys()].map(member => this.#liars.get(member)!);
  }
}

/** What a node says of the view that it is in and asks for, if that is one that only liars ask for; and whom it accuses. */
export async function takenIn(network: Network, node: number): Promise<readonly string[]> {
  const metrics = await network.text(node, '/metrics');
  const views = [...metrics.matchAll(/^qifeng_consensus_(?:asked_)?view_number (\d+)$/gm)].map(([, view]) =>
    Number(view),
  );
  if (views.length !== 2) throw new Error('a node does not say its view');
  const { accused } = await network.json<{ accused: readonly { code: string }[] }>(node, '/v1/network');
  return [
    ...views.filter(view => view >= FAR).map(view => `node ${node} goes to view ${view}`),
    ...accused.map(({ code }) => `node ${node} accuses ${code}`),
  ];
}
