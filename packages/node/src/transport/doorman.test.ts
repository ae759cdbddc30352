import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it } from 'vitest';
import { Doorman, type Newcomer } from './doorman.ts';

class FakeConnection extends EventTarget {
  readonly remoteAddr;
  constructor(ip: string) {
    super();
    this.remoteAddr = multiaddr(`/ip4/${ip}/tcp/1`);
  }
  close(): void {
    this.dispatchEvent(new Event('close'));
  }
}

/** A doorman of four members who live at 10.0.0.1. */
function doorman(open = 0) {
  const made = new Doorman({ members: () => 4, open: () => open, known: ip => ip === '10.0.0.1' });
  const from = (ip: string) => new FakeConnection(ip) as FakeConnection & Newcomer;
  const letIn = (count: number, ip: string) =>
    Array.from({ length: count }, () => from(ip)).filter(one => made.admits(one));
  return { made, letIn };
}

describe('the doorman', () => {
  it('lets in n + 8, the open ones counted', () => {
    expect(doorman().letIn(20, '10.0.0.1').length).toBe(12);
    expect(doorman(4).letIn(20, '10.0.0.1').length).toBe(8);
  });

  it('keeps places for members: strangers have 8, and 4 each', () => {
    const { letIn } = doorman();
    expect([letIn(9, '1.1.1.1').length, letIn(9, '2.2.2.2').length, letIn(9, '3.3.3.3').length]).toEqual([
      4, 4, 0,
    ]);
    expect(letIn(9, '10.0.0.1').length).toBe(4);
  });

  it('counts a handshake until it is over or its connection is, once', () => {
    const { made, letIn } = doorman();
    const [first, second, third] = letIn(4, '1.1.1.1');
    expect(letIn(1, '1.1.1.1').length).toBe(0);
    made.done(first!);
    expect(letIn(2, '1.1.1.1').length).toBe(1);
    first!.close();
    expect(letIn(1, '1.1.1.1').length).toBe(0);
    second!.close();
    third!.close();
    expect(letIn(9, '1.1.1.1').length).toBe(2);
  });
});
