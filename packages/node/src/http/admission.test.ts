import { describe, expect, it } from 'vitest';
import { type Arrival, admission } from './admission.ts';
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts';
import { networkOf } from './network-of.ts';
import { HttpProblem } from './problem.ts';

const GET: Arrival = { address: '10.0.0.1', bodyBytes: null, watches: false, streams: false };
const post = (bodyBytes: number, address = GET.address): Arrival => ({ ...GET, address, bodyBytes });

/** What a door says to each of these, one after the other. */
function answers(limits: Partial<HttpLimits>, arrivals: readonly Arrival[]) {
  const door = admission({ ...DEFAULT_LIMITS, ...limits });
  const ask = (arrival: Arrival): string => {
    try {
      return door.enter(arrival) === null ? 'no place' : 'place';
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      return `${error.code} ${error.extras.retryAfter}`;
    }
  };
  return { door, ask, given: arrivals.map(ask) };
}

describe('the admission of requests', () => {
  it('bounds the bytes of bodies before they are read, of all and of one', () => {
    const { door, given, ask } = answers({ bodyBytes: 1000 }, [post(400), post(200), post(100), GET]);
    expect(given).toEqual(['place', 'busy 1', 'place', 'place']);
    expect([ask(post(500, '10.0.0.2')), ask(post(1, '10.0.0.3'))]).toEqual(['place', 'busy 1']);
    expect(door.taken).toBe(4);
  });

  it('gives bytes back with the place', () => {
    const { door, ask } = answers({ bodyBytes: 1000 }, []);
    const place = door.enter(post(500))!;
    place.hold();
    place.release();
    expect(ask(post(1))).toBe('busy 1');
    place.release();
    expect(ask(post(500))).toBe('place');
  });

  it('lets a client wait whose reads took more of the node than they may', () => {
    const { door, ask } = answers({ time: { perSecond: 100, burst: 1000 } }, []);
    door.spent(GET, 900);
    expect(ask(GET)).toBe('place');
    door.spent(GET, 500);
    expect(ask(GET)).toBe('busy 5');
    expect([ask({ ...GET, address: '10.0.0.2' }), ask({ ...GET, watches: true })]).toEqual([
      'place',
      'no place',
    ]);
  });

  it('does not let whoever watches do so without end', () => {
    const { door, ask } = answers({ time: { perSecond: 100, burst: 1000 } }, []);
    const watch = { ...GET, watches: true };
    door.spent(watch, 1500);
    expect([ask(watch), ask(GET)]).toEqual(['busy 6', 'place']);
  });

  it('lets a client wait that sends what is refused at once, with submissions only', () => {
    const { door, ask } = answers({ refusals: { perSecond: 1, burst: 3 } }, []);
    for (let i = 0; i < 3; i++) door.refused(post(1));
    expect([ask(post(1)), ask(GET)]).toEqual(['busy 1', 'place']);
  });
});

it('a client is an IPv4 address, or a network of IPv6', () => {
  expect(
    ['127.0.0.1', '::ffff:10.1.2.3', '::1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::9'].map(networkOf),
  ).toEqual(['127.0.0.1', '10.1.2.3', '0:0:0:0', '2001:db8:1:2', '2001:db8:1:2']);
});
