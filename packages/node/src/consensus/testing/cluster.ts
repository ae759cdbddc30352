import type { Config } from '../config.ts';
import { admit, emptyGuard, prune } from '../guard.ts';
import type { Input } from '../input.ts';
import type { Block, Message } from '../messages.ts';
import type { Output, ToSign, WalRecord } from '../output.ts';
import type { Draft } from '../propose.ts';
import { type Executed, recover } from '../recover.ts';
import { signedMessage } from '../signed.ts';
import { initialState, type State } from '../state.ts';
import { step } from '../step.ts';
import { clock, makeConfig, SIGNATURE } from './make.ts';
import { sayToSign } from './say.ts';

/** True for a message that is lost. */
export type Lose = (from: number, to: number, message: Message) => boolean;

interface Member {
  readonly config: Config;
  state: State;
  up: boolean;
  readonly log: WalRecord[];
  readonly store: Map<string, Block>;
  executed: Executed | null;
  guard: ReturnType<typeof emptyGuard>;
}

/**
 * Replicas that a test lets talk: messages travel in order when it says so, bodies are everywhere, execution is
 * immediate, a signer that refuses is an error. `told` gives what was signed or became final since the last time, each
 * line once with the replicas that said it.
 */
export class Cluster {
  readonly members: readonly Member[];
  now = 0;
  #flying: { readonly from: number; readonly to: number; readonly message: Message }[] = [];
  readonly #said = new Map<string, Set<number>>();
  readonly #names = new Map<string, string>();

  constructor(given: Partial<Config> = {}) {
    const { validators } = makeConfig(given);
    this.members = validators.map((_, me) => {
      const config = { ...makeConfig(given), me };
      const state = initialState(config, clock(0));
      return { config, state, up: true, log: [], store: new Map(), executed: null, guard: emptyGuard(0) };
    });
  }

  state(id: number): State {
    return this.members[id]!.state;
  }

  /** A batch that everybody holds, offered to all, or to some. */
  batch(digest: string, to: readonly number[] = this.members.map(({ config }) => config.me)): this {
    for (const id of to) this.give(id, { type: 'batch', digest, barrier: false, size: 1, weight: 1 });
    return this;
  }

  stop(...ids: readonly number[]): this {
    for (const id of ids) this.members[id]!.up = false;
    this.#flying = this.#flying.filter(({ to }) => !ids.includes(to));
    return this;
  }

  /** Starts a replica again from its log and store. */
  restart(id: number): this {
    const member = this.members[id]!;
    const { state, outputs } = recover(member.config, member.log, member.executed, clock(this.now));
    member.state = state;
    member.up = true;
    this.#carryOut(member, outputs);
    return this;
  }

  /** Delivers all that is under way and what it leads to. */
  run(lose: Lose = () => false): this {
    for (let next = this.#flying.shift(); next !== undefined; next = this.#flying.shift()) {
      const { from, to, message } = next;
      if (!lose(from, to, message)) this.give(to, { type: 'message', from, message });
    }
    return this;
  }

  /** Time passes in ticks of 100 ms, each followed by all deliveries. */
  wait(ms: number, lose?: Lose): this {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 100;
      for (const { config } of this.members) this.give(config.me, { type: 'tick', ...clock(this.now) });
      this.run(lose);
    }
    return this;
  }

  /** What was said since the last call: `PREPARE 0/1 1a: 0 1 2 3`. */
  told(): string[] {
    const lines = [...this.#said].map(([what, by]) => `${what}: ${[...by].sort().join(' ')}`);
    this.#said.clear();
    return lines;
  }

  give(id: number, input: Input): void {
    const member = this.members[id]!;
    if (!member.up) return;
    this.#carryOut(
      member,
      step(member.state, input, draft => this.#name(draft)),
    );
  }

  /** Height and a letter: 1a is the first block at height 1, 1b another. */
  #name(draft: Draft): string {
    const key = JSON.stringify(draft);
    const others = [...this.#names.values()].filter(name => Number.parseInt(name, 10) === draft.height);
    const name = this.#names.get(key) ?? `${draft.height}${String.fromCharCode(97 + others.length)}`;
    this.#names.set(key, name);
    return name;
  }

  #carryOut(member: Member, outputs: readonly Output[]): void {
    const id = member.config.me;
    for (const output of outputs) {
      if (output.type === 'persist') member.log.push(output.record);
      else if (output.type === 'sign') this.#sign(member, output.what);
      else if (output.type === 'send') this.#send(id, output.to, output.message);
      else if (output.type === 'send-headers') this.#serve(member, output);
      else if (output.type === 'need-bodies')
        this.give(id, { type: 'bodies', hash: output.block.hash, barrier: false, size: 1, weight: 1 });
      else if (output.type === 'execute') this.#execute(member, output.block);
      else if (output.type === 'final') this.#note(`final ${output.certificate.height}`, id);
      else if (output.type === 'evidence') this.#note(`evidence against ${output.evidence.first.signer}`, id);
      else if (output.type === 'send-handover') throw new Error('one epoch only');
      else if (output.type === 'diverged') throw new Error(`${id} diverged: ${output.reason}`);
    }
  }

  #serve(member: Member, { to, blocks, next, above }: Output & { readonly type: 'send-headers' }): void {
    const all = [...blocks];
    for (let block = member.store.get(next); block !== undefined && block.height > above; ) {
      all.push(block);
      block = member.store.get(block.parent);
    }
    if (all.length > 0) this.#send(member.config.me, to, { type: 'headers', blocks: all });
  }

  #sign(member: Member, what: ToSign): void {
    const id = member.config.me;
    const verdict = admit(member.guard, what, body => JSON.stringify(body));
    if ('refused' in verdict) throw new Error(`signer of ${id}: ${verdict.refused}`);
    member.guard = prune(verdict.guard, member.state.low);
    this.#note(sayToSign(what), id);
    const message = signedMessage(what, 0, id, SIGNATURE);
    this.#send(id, 'all', message);
    this.give(id, { type: 'message', from: id, message });
  }

  #execute(member: Member, block: Block): void {
    const text = `text ${block.hash}`;
    member.store.set(block.hash, block);
    member.executed = { block, text, closes: false };
    this.give(member.config.me, {
      type: 'executed',
      block: { height: block.height, hash: block.hash },
      text,
      closes: false,
    });
  }

  #send(from: number, to: number | 'all', message: Message): void {
    for (const { config, up } of this.members)
      if (up && config.me !== from && (to === 'all' || to === config.me))
        this.#flying.push({ from, to: config.me, message });
  }

  #note(what: string, id: number): void {
    this.#said.set(what, (this.#said.get(what) ?? new Set<number>()).add(id));
  }
}
