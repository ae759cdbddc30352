import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesPath, hashesAt, parseTilePath, tilePath, tilesAfterAppend, tileWidth } from './tile.ts';
import { decodeBundle, encodeBundle } from './tile-bundle.ts';

describe('paths of C2SP tlog-tiles', () => {
  test.each([
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 63, index: 999, width: 1 }, 'tile/63/999.p/1'],
    [{ level: 1, index: 1000, width: 255 }, 'tile/1/x001/000.p/255'],
    [{ level: 2, index: 2 ** 40, width: 17 }, 'tile/2/x001/x099/x511/x627/776.p/17'],
    [{ level: 0, index: 2 ** 53 - 1, width: 256 }, 'tile/0/x009/x007/x199/x254/x740/991'],
  ])('%o', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual({ ok: true, value: { kind: 'hashes', ...tile } });
    const bundle = entriesPath(tile.index, tile.width);
    expect(bundle).toBe(path.replace(/^tile\/\d+/, 'tile/entries'));
    const { index, width } = tile;
    expect(parseTilePath(bundle)).toEqual({ ok: true, value: { kind: 'entries', index, width } });
  });

  test.each([
    ['no path', ''],
    ['leading slash', '/tile/0/000'],
    ['trailing slash', 'tile/0/000/'],
    ['trailing line feed', 'tile/0/000\n'],
    ['level with leading zero', 'tile/00/000'],
    ['level 64', 'tile/64/000'],
    ['level 100', 'tile/100/000'],
    ['negative level', 'tile/-1/000'],
    ['other resource', 'tile/data/000'],
    ['index of two digits', 'tile/0/67'],
    ['index of four digits', 'tile/0/1234'],
    ['group without x', 'tile/0/001/234'],
    ['last group with x', 'tile/0/x001'],
    ['last group with x after another', 'tile/0/x001/x234'],
    ['needless leading group', 'tile/0/x000/067'],
    ['group of two digits', 'tile/0/x01/067'],
    ['index beyond 2^53', 'tile/0/x009/x007/x199/x254/x740/992'],
    ['index without end', `tile/0/${'x999/'.repeat(200)}000`],
    ['width 0', 'tile/0/000.p/0'],
    ['width 256', 'tile/0/000.p/256'],
    ['width with leading zero', 'tile/0/000.p/01'],
    ['width missing', 'tile/0/000.p/'],
    ['width without marker', 'tile/0/000/12'],
    ['digits of another script', 'tile/0/٠٠٠'],
    ['bundle with a level', 'tile/entries/0/000'],
  ])('%s is refused', (_, path) => {
    expect(parseTilePath(path)).toMatchObject({ fault: { code: 'bad-tile-path' } });
  });

  test('what is parsed is what is written, and one resource has one path', () => {
    const tiles = fc.record({
      level: fc.nat(63),
      index: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(tiles, tile => {
        expect(parseTilePath(tilePath(tile))).toEqual({ ok: true, value: { kind: 'hashes', ...tile } });
      }),
    );
    fc.assert(
      fc.property(
        fc.stringMatching(/^tile\/(entries|\d{1,2})\/(x\d{3}\/){0,2}\d{3}(\.p\/\d{1,3})?$/),
        path => {
          const parsed = parseTilePath(path);
          if (!parsed.ok) return;
          const { value } = parsed;
          const written = value.kind === 'hashes' ? tilePath(value) : entriesPath(value.index, value.width);
          expect(written).toBe(path);
        },
      ),
    );
  });

  test('a tile that cannot be stops us', () => {
    expect(() => tilePath({ level: 64, index: 0, width: 1 })).toThrow('level');
    expect(() => tilePath({ level: 0, index: -1, width: 1 })).toThrow('index');
    expect(() => entriesPath(0, 0)).toThrow('wide');
    expect(() => entriesPath(0, 257)).toThrow('wide');
  });
});

describe('which tiles a log has', () => {
  const summary = (tiles: ReturnType<typeof tilesAfterAppend>) => {
    const partial = tiles.filter(tile => tile.width < 256).map(tile => tilePath(tile));
    const full = [0, 1, 2].map(
      level => tiles.filter(tile => tile.level === level && tile.width === 256).length,
    );
    return { full, partial };
  };
  test('the examples of the specification', () => {
    expect(summary(tilesAfterAppend(0, 70_000))).toEqual({
      full: [273, 1, 0],
      partial: ['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1'],
    });
    expect(tilesAfterAppend(0, 256).map(tilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
    expect(tilesAfterAppend(0, 0)).toEqual([]);
  });
  test.each([
    [2 ** 32 - 1, 2 ** 32, ['0/x016/x777/215', '1/x065/535', '2/255', '3/000', '4/000.p/1']],
    [2 ** 32, 2 ** 32 + 1, ['0/x016/x777/216.p/1']],
    [
      2 ** 40 + 255,
      2 ** 40 + 257,
      ['0/x004/x294/x967/296', '0/x004/x294/x967/297.p/1', '1/x016/x777/216.p/1'],
    ],
    [2 ** 53 - 2, 2 ** 53 - 1, ['0/x035/x184/x372/x088/831.p/255']],
    [300, 300, []],
  ])('from %d to %d', (before, after, paths) => {
    expect(tilesAfterAppend(before, after).map(tilePath)).toEqual(paths.map(path => `tile/${path}`));
  });
  test('the tiles of an append are those whose width changed', () => {
    fc.assert(
      fc.property(fc.nat(70_000), fc.nat(600), (before, added) => {
        const changed = tilesAfterAppend(before, before + added);
        const widths = tilesAfterAppend(0, before + added).filter(
          ({ level, index, width }) => tileWidth(level, index, before) !== width,
        );
        expect(changed).toEqual(widths);
        for (const { level, index, width } of changed)
          expect(tileWidth(level, index, before + added)).toBe(width);
      }),
      { numRuns: 30 },
    );
    expect(() => tilesAfterAppend(2, 1)).toThrow('only grows');
  });
  test('levels end where the log does', () => {
    expect(hashesAt(6, 2 ** 53 - 1)).toBe(31);
    expect(hashesAt(7, 2 ** 53 - 1)).toBe(0);
    expect(hashesAt(63, 2 ** 53 - 1)).toBe(0);
    expect(tileWidth(0, 5, 100)).toBe(0);
  });
});

describe('entry bundles', () => {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  test('lengths are big-endian', () => {
    const encoded = encodeBundle([bytes(), bytes(7), new Uint8Array(258)]);
    expect(encoded.subarray(0, 7)).toEqual(bytes(0, 0, 0, 1, 7, 1, 2));
  });
  test('round trip', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(entries, list => {
        expect(decodeBundle(encodeBundle(list), list.length)).toEqual({ ok: true, value: list });
      }),
      { numRuns: 20 },
    );
    const longest = new Uint8Array(65_535).fill(9);
    expect(decodeBundle(encodeBundle([longest]), 1)).toEqual({ ok: true, value: [longest] });
  });
  test.each([
    ['nothing', bytes(), 1],
    ['half a length', bytes(0), 1],
    ['cut entry', bytes(0, 2, 1), 1],
    ['one entry too few', bytes(0, 1, 1), 2],
    ['one entry too many', bytes(0, 1, 1, 0, 0), 1],
    ['bytes after the last', bytes(0, 1, 1, 0), 1],
  ])('%s is refused', (_, encoded, width) => {
    expect(decodeBundle(encoded, width)).toMatchObject({ fault: { code: 'bad-entry-bundle' } });
  });
  test('what has no encoding stops us', () => {
    expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow('65,535');
    expect(() => encodeBundle([])).toThrow('1 to 256');
    expect(() => encodeBundle(Array.from({ length: 257 }, () => bytes()))).toThrow('1 to 256');
  });
});
