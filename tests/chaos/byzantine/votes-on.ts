import type { Block } from '../../../packages/node/src/consensus/messages.ts';
import type { ToSign } from '../../../packages/node/src/consensus/output.ts';
import type { State } from '../../../packages/node/src/consensus/state.ts';
import { laneOf } from '../../../packages/node/src/engine/wire/frames.ts';
import { type Behaviour, type Hand, toolsOf } from './behaviour.ts';

/** Ticks from one beat to the next: as often as an honest member tells its status. */
const BEAT = 5;
/** Blocks for which it votes again at each beat: the last ones that it heard of. */
const LAST = 2;
/** A view that nobody honest asks for, and a height that no honest member claims. */
export const FAR = 1_000_000;

/** What it says, and the three ways in which it signs that. */
export const SAID = ['prepare', 'commit', 'cosignature', 'view-change'] as const;
export const WAYS = ['as itself', 'as another', 'of the old epoch'] as const;
/** The claims, which nobody signs. */
export const CLAIMS = ['status', 'status of the old epoch'] as const;

/** How a member is named that answered a claim: what was sent before in the same lane had reached it. */
export function answeredBy(code: string): string {
  return `answered by ${code}`;
}

/**
 * Has left the set and votes on with its retired key: for every block that it hears of, for every checkpoint, for the next view and
 * for one far away. All of that as what it was, in the name of every present validator, and in the epoch in which its key
 * had a vote; to all who have one.
 */
export function votesOn(hand: Hand): Behaviour {
  const { frames, signed } = toolsOf(hand);
  const { node, voted } = hand;
  if (voted === null) throw new Error('a key that never had a vote cannot vote on');
  /** Proposals heard, by the hash of the block. */
  const heard = new Map<string, { readonly view: number; readonly block: Block }>();
  /** The last checkpoint of which it heard a cosignature, by its text. */
  let cosigned = '';
  let ticks = 0;

  const tell = (message: ReturnType<typeof signed>, kind: string): void => {
    const frame = { type: 'message', message } as const;
    const bytes = frames.encode(frame);
    for (const code of node.connected()) {
      if (!node.state!.config.validators.includes(code)) continue;
      node.send(code, bytes, laneOf(frame));
      hand.lied(kind);
    }
  };
  /** Says a thing of an epoch in each way. */
  const say = (kind: (typeof SAID)[number], state: State, what: (epoch: number) => ToSign): void => {
    const { epoch, validators } = state.config;
    const [itself, another, old] = WAYS;
    tell(signed(what(epoch), epoch, voted.position), `${kind} ${itself}`);
    for (const position of validators.keys())
      if (position !== voted.position) tell(signed(what(epoch), epoch, position), `${kind} ${another}`);
    tell(signed(what(voted.epoch), voted.epoch, voted.position), `${kind} ${old}`);
  };
  const vote = (state: State, view: number, { height, hash }: Block): void => {
    for (const kind of ['prepare', 'commit'] as const)
      say(kind, state, epoch => ({ type: 'vote', vote: { kind, epoch, view, height, hash } }));
  };
  const cosign = (state: State, height: number, hash: string, text: string): void => {
    const time = Math.floor(Date.now() / 1000);
    say('cosignature', state, epoch => ({
      type: 'cosignature',
      height,
      hash,
      text: text.replace(/\nepoch \d+\n/, `\nepoch ${epoch}\n`),
      time,
    }));
  };
  const ask = (state: State, newView: number): void =>
    say('view-change', state, epoch => ({
      type: 'view-change',
      body: { epoch, newView, high: null, checkpoint: null },
    }));
  const claim = ({ config, view, low }: State): void => {
    const [now, old] = CLAIMS;
    const height = low + FAR;
    const far = { view, asked: view + FAR, accepted: height, committed: height, final: height };
    tell({ type: 'status', status: { epoch: config.epoch, ...far } }, now);
    tell({ type: 'status', status: { epoch: voted.epoch, ...far } }, old);
  };
  const beat = (state: State): void => {
    for (const [hash, { block }] of heard)
      if (block.height <= state.low || block.epoch !== state.config.epoch) heard.delete(hash);
    for (const { view, block } of [...heard.values()].slice(-LAST)) vote(state, view, block);
    const { height, hash } = state.executed;
    const text = state.texts.get(height);
    if (text !== undefined) cosign(state, height, hash, text);
    const view = Math.max(state.view, ...[...heard.values()].map(one => one.view));
    ask(state, view + 1);
    ask(state, FAR);
    claim(state);
  };
  /** Where the node inside stands, once that is an epoch in which it has no seat. */
  const retired = (): State | null => (node.state !== null && node.state.config.me < 0 ? node.state : null);

  return {
    outgoing: (_, frame) => [frame],
    incoming(bytes, from) {
      const state = retired();
      const frame = frames.decode(bytes);
      if (state === null || !frame.ok || frame.value.type !== 'message') return;
      const { message } = frame.value;
      const { epoch } = state.config;
      if (message.type === 'checkpoint-certificate' && message.certificate.epoch === voted.epoch)
        hand.lied(answeredBy(from));
      else if (message.type === 'checkpoint-vote' && message.vote.epoch === epoch) {
        const { height, hash, text } = message.vote;
        if (text === cosigned) return;
        cosigned = text;
        cosign(state, height, hash, text);
      } else if (message.type === 'proposal' && message.proposal.block.epoch === epoch) {
        const { view, block } = message.proposal;
        if (heard.get(block.hash)?.view === view) return;
        heard.set(block.hash, { view, block });
        vote(state, view, block);
      }
    },
    tick() {
      const state = retired();
      if (state !== null && ++ticks % BEAT === 0) beat(state);
    },
  };
}

/** Keeps to the protocol, and tells those without a seat what is proposed and cosigned: nobody else tells them before it is decided. */
export function tellTale(hand: Hand): Behaviour {
  const { frames } = toolsOf(hand);
  const { node } = hand;
  /** What it said last: the same goes to each of the others. */
  let last: Uint8Array | null = null;
  const tell = (frame: Uint8Array): void => {
    const read = frames.decode(frame);
    if (!read.ok || read.value.type !== 'message') return;
    const { type } = read.value.message;
    if (type !== 'proposal' && type !== 'checkpoint-vote') return;
    const { validators } = node.state!.config;
    for (const code of node.connected()) {
      if (validators.includes(code)) continue;
      node.send(code, frame, laneOf(read.value));
      hand.lied();
    }
  };
  return {
    outgoing(_, frame) {
      if (frame !== last && node.state !== null) tell(frame);
      last = frame;
      return [frame];
    },
    incoming(frame, from) {
      // What those without a seat say is no news to them.
      if (node.state?.config.validators.includes(from)) tell(frame);
    },
  };
}
