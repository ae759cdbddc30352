import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../encoding/codec.ts';
import { profileCodec } from './profile.ts';
import { profileFromJson } from './profile-json.ts';

const file = readFileSync(new URL('../../../../seeds/profiles/policy.json', import.meta.url), 'utf8');
type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;

/** The fault's detail after a change to the policy profile, made at a path such as `actions.0.to`. */
function detail(path: string, value: Json | undefined): string {
  const root = JSON.parse(file) as { [key: string]: Json };
  const keys = path.split('.');
  const last = keys.pop()!;
  const place = keys.reduce<{ [key: string]: Json }>((at, key) => at[key] as { [key: string]: Json }, root);
  if (value === undefined) delete place[last];
  else place[last] = value;
  const result = profileFromJson(JSON.stringify(root));
  if (result.ok) return 'ok';
  expect(result.fault.code).toBe('bad-profile');
  return result.fault.detail;
}

describe('a profile in JSON', () => {
  it('is read as it stands, whatever the order of its keys', () => {
    const result = profileFromJson(file);
    expect(result).toEqual({ ok: true, value: JSON.parse(file) });
    if (!result.ok) return;
    const bytes = encode(profileCodec, result.value);
    expect(decode(profileCodec, bytes)).toEqual(result);
    const turned = Object.fromEntries(Object.entries(JSON.parse(file) as object).toReversed());
    expect(profileFromJson(`\uFEFF${JSON.stringify(turned)}`)).toEqual(result);
  });

  it.each<readonly [string, Json | undefined, string]>([
    ['v', 2, 'v: expected 1'],
    ['name', 'Policy', 'name: not a lowercase identifier'],
    ['version', 1.5, 'JSON: 1.5 is not a safe integer'],
    ['version', '1', 'version: expected a number, found a string'],
    ['title', null, 'title: expected an object, found null'],
    ['title.zh', '', 'title.zh: text of 0 bytes'],
    ['title.en', 'a\nb', 'title.en: text with a control character'],
    ['title.en', '\ud800', 'JSON: a string with a lone surrogate'],
    ['title.fr', 'x', 'title: unknown key "fr", expected zh, en'],
    ['privacy', 'open', 'privacy: expected one of public, sealed'],
    ['states', {}, 'states: expected a list, found an object'],
    ['states', [], 'expected 1..32 items'],
    ['states.1', 'amended', 'states[1]: expected an object, found a string'],
    ['actions.1.fields.0.type', 'regexp', 'actions[1].fields[0].type: expected one of text, '],
    ['actions.1.fields.0.max', 9000, 'actions[1].fields[0].max: expected 0..8192'],
    [
      'actions.1.fields.0.required',
      'no',
      'actions[1].fields[0].required: expected a boolean, found a string',
    ],
    ['actions.1.fields.0.required', undefined, 'actions[1].fields[0]: required is missing'],
    ['actions.2.links.0.rel', ['x'], 'actions[2].links[0].rel: expected a string, found a list'],
    ['actions.0.from', [], 'expected 1..32 items'],
    ['actions.0.to', 'gone', 'action publish leads to unknown state gone'],
    ['extra', 1, 'the profile: unknown key "extra"'],
    ['actions', undefined, 'the profile: actions is missing'],
  ])('says what is wrong with %s = %j', (path, value, expected) =>
    expect(detail(path, value)).toContain(expected),
  );

  it.each([
    ['-0', 'JSON: -0 is not a safe integer'],
    ['1.0', 'JSON: 1.0 is not a safe integer'],
    ['1, "max": 1', 'JSON: the name "max" twice in one object'],
  ])('refuses what could be read in two ways: "max": %s', (max, expected) => {
    const text = file.replace(/"max": *[0-9]+/, `"max": ${max}`);
    expect(profileFromJson(text)).toMatchObject({
      ok: false,
      fault: { code: 'bad-profile', detail: expect.stringContaining(expected) },
    });
  });

  it.each(['', '{', 'null', '[]', '"x"', '{"__proto__": {}}'])('refuses %j', text => {
    expect(profileFromJson(text)).toMatchObject({ ok: false, fault: { code: 'bad-profile' } });
  });
});
