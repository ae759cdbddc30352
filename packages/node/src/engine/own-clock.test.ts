import { describe, expect, it } from 'vitest';
import { OwnClock } from './own-clock.ts';

describe('the clock of the timers', () => {
  const machine = { now: 5_000, wall: 1_000_000 };
  const pass = (ms: number): void => {
    machine.now += ms;
    machine.wall += ms;
  };

  it('goes with the machine, and stands while the process does', () => {
    const clock = new OwnClock(() => machine);
    const began = clock.read().now;
    for (const ms of [50, 50, 120]) {
      pass(ms);
      clock.tick();
    }
    expect(clock.read().now - began).toBe(220);
    pass(30_000);
    expect(clock.read()).toEqual({ now: began + 220, wall: machine.wall });
    expect(clock.tick().now - began).toBe(420);
    pass(50);
    expect(clock.tick()).toEqual({ now: began + 470, wall: machine.wall });
  });
});
