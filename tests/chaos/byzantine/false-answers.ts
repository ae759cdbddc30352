import type { Frame } from '../../../packages/node/src/engine/wire/frames.ts';
import { type Behaviour, type Hand, toolsOf } from './behaviour.ts';

/** Answers whoever catches up with headers, bodies, manifests, parts of the state and log signatures that are not the true ones. */
export function falseAnswers(hand: Hand): Behaviour {
  const { frames } = toolsOf(hand);
  const flipped = (bytes: Uint8Array): Uint8Array => {
    const spoilt = bytes.slice();
    spoilt[hand.random.between(0, spoilt.length - 1)]! ^= 1 << hand.random.between(0, 7);
    return spoilt;
  };
  const falsified = (frame: Frame): Frame | null => {
    switch (frame.type) {
      case 'message': {
        if (frame.message.type !== 'headers') return null;
        const blocks = frame.message.blocks.map(block => ({ ...block, timestamp: block.timestamp + 1 }));
        return { type: 'message', message: { type: 'headers', blocks } };
      }
      case 'batch':
      case 'snapshot':
        return { ...frame, bytes: flipped(frame.bytes) };
      case 'part': {
        const { children, values } = frame.part;
        const part = {
          ...frame.part,
          children: children?.map(child => child && { ...child, hash: flipped(child.hash) }) ?? null,
          values: values?.map(({ name, value }) => ({ name, value: flipped(value) })) ?? null,
        };
        return { type: 'part', part };
      }
      case 'log-line':
        return frame.signature === null ? null : { ...frame, signature: flipped(frame.signature) };
      case 'batch-request':
      case 'snapshot-request':
      case 'part-request':
      case 'log-line-request':
        return null;
    }
  };
  return {
    outgoing(_, bytes) {
      const frame = frames.decode(bytes);
      const lie = frame.ok ? falsified(frame.value) : null;
      if (lie === null) return [bytes];
      hand.lied();
      return [frames.encode(lie)];
    },
  };
}
