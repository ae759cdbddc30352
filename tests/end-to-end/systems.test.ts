import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTranscript } from '../systems/pages.ts';
import { play } from '../systems/play.ts';
import { SYSTEMS } from '../systems/scripts/all.ts';
import { World } from '../systems/world.ts';

const world = new World();

describe('the systems of docs/systems, on one network', () => {
  beforeAll(() => world.start());
  afterAll(() => world.end());

  it.each(SYSTEMS)(
    '$name: each step ends as its script says, and the page shows what the network answers',
    async system => {
      const { transcript, problems } = await play(system, world);
      expect(problems).toEqual([]);
      expect(transcript).toBe(readTranscript(system.name));
    },
  );
});
