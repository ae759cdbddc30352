import type { NewView, ViewChange, VoteCertificate } from '../../consensus/messages.ts';
import type { Packet } from '../simulator/packets.ts';
import { type Behaviour, type Hand, isOwn, positionIn, signAs, sizesOf, somePeers } from './behaviour.ts';

/**
 * A leader of views that sends two NEW-VIEWs for one view, with different tips if it can: its own VIEW-CHANGE says once
 * what it holds and once an old certificate or nothing. Asking for views, too, it tells some less than it knows.
 */
export function newViews(hand: Hand): Behaviour {
  const halves = new Map<number, ReadonlySet<number>>();
  const half = (view: number): ReadonlySet<number> => {
    const peers = halves.get(view) ?? somePeers(hand);
    halves.set(view, peers);
    return peers;
  };
  const certificates: VoteCertificate[] = [];
  /** Of epochs that are over, one a view, highest view first: they may outrank all that the present epoch knows. */
  const past: VoteCertificate[] = [];
  const low = (change: ViewChange): ViewChange => {
    const known = past.length === 0 || hand.random.chance(0.5) ? certificates : past;
    const old = known.find(({ view }) => view < change.newView) ?? null;
    const high = hand.random.chance(0.5) ? null : old;
    const { epoch, newView } = change;
    const said = signAs(hand, { type: 'view-change', body: { epoch, newView, high, checkpoint: null } });
    return said.type === 'view-change' ? said.viewChange : change;
  };
  const other = ({ epoch, view, viewChanges }: NewView): Packet => {
    hand.count('newViews');
    const changes = viewChanges.map(change => (isOwn(hand, change) ? low(change) : change));
    return signAs(hand, { type: 'new-view', body: { epoch, view, viewChanges: changes } });
  };
  /** NEW-VIEW for a view that is somebody else's to lead. */
  const usurp = (): void => {
    const { state, config } = hand.replica;
    const { n, q } = sizesOf(hand);
    const changes = [...(state?.viewChanges.values() ?? [])].sort((a, b) => a.signer - b.signer);
    const view = Math.max(0, ...changes.map(change => change.newView));
    const asking = changes.filter(change => change.newView === view).slice(-q);
    if (asking.length < q || view % n === positionIn(hand)) return;
    hand.count('newViews');
    const viewChanges = asking.map(change => (isOwn(hand, change) ? low(change) : change));
    const message = signAs(hand, { type: 'new-view', body: { epoch: config.epoch, view, viewChanges } });
    for (const peer of half(view)) hand.send(peer, message);
  };
  return {
    outgoing(to, packet) {
      if (packet.type === 'new-view' && isOwn(hand, packet.newView) && half(packet.newView.view).has(to))
        return [other(packet.newView)];
      if (packet.type === 'view-change' && isOwn(hand, packet.viewChange)) {
        const { newView } = packet.viewChange;
        return half(newView).has(to)
          ? [{ type: 'view-change', viewChange: low(packet.viewChange) }]
          : [packet];
      }
      return [packet];
    },
    tick() {
      const high = hand.replica.state?.high ?? null;
      const { epoch } = hand.replica.config;
      for (const old of certificates.filter(known => known.epoch < epoch))
        if (past.every(({ view }) => view !== old.view)) past.push(old);
      past.sort((a, b) => b.view - a.view);
      if (high !== null && high !== certificates.at(-1)) certificates.push(high);
      usurp();
      if (certificates.length > 10) certificates.splice(hand.random.between(0, 9), 1);
    },
  };
}
