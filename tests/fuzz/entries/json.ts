import {
  entryCodec,
  fixedBytes,
  type Json,
  type JsonCodec,
  type JsonSchema,
  list,
  parseJson,
  profileFromJson,
  readJson,
  record,
  submissionFromJson,
  submissionHeaderCodec,
  submissionToJson,
  writeJson,
} from '@qifeng/core';
import * as eventViews from '../../../packages/core/src/api/event-view.ts';
import * as plainViews from '../../../packages/core/src/api/json-codec.ts';
import * as ledgerViews from '../../../packages/core/src/api/ledger-views.ts';
import * as recordViews from '../../../packages/core/src/api/record-views.ts';
import * as searchViews from '../../../packages/core/src/api/search-views.ts';
import * as submissionJson from '../../../packages/core/src/api/submission-json.ts';
import * as submissionViews from '../../../packages/core/src/api/submission-views.ts';
import * as verdictViews from '../../../packages/core/src/api/verdict-views.ts';
import { PUBLISHER } from '../../fixtures/builder.ts';
import { type Decoder, decoded, text } from '../decoder.ts';
import type { World } from '../world.ts';

/** A submission as it travels. */
export const wireCodec = record({
  header: submissionHeaderCodec,
  signature: fixedBytes(64),
  entries: list(entryCodec, 1024, 1),
});

const MODULES: readonly object[] = [
  eventViews,
  plainViews,
  ledgerViews,
  recordViews,
  searchViews,
  submissionJson,
  submissionViews,
  verdictViews,
];

/** What is JSON; of one value there are many texts. */
export function jsonEntries({ submission, profileJson }: World): readonly Decoder[] {
  const json = submissionToJson(submission);
  return [
    text('JSON', [parseJson], [json, profileJson], parseJson, { same: JSON.stringify }),
    text('submission in JSON', [submissionFromJson], [json], submissionFromJson, {
      same: wire => submissionToJson(decoded(wireCodec, wire)),
    }),
    text('profile in JSON', [profileFromJson], [profileJson], profileFromJson, { same: JSON.stringify }),
    ...MODULES.flatMap(module => Object.entries(module)).flatMap(([name, value]) =>
      isView(value) ? [view(name, value)] : [],
    ),
  ];
}

function isView(value: unknown): value is JsonCodec<unknown> {
  return typeof value === 'object' && value !== null && 'schema' in value && 'fromJson' in value;
}

/** A view, with the fullest and the barest value that its schema allows as samples. */
function view(name: string, codec: JsonCodec<unknown>): Decoder {
  const samples = [true, false].map(full => JSON.stringify(sampleOf(codec.schema, full)));
  return text(`${name} in JSON`, [codec], samples, json => readJson(codec, json), {
    same: value => writeJson(codec, value),
  });
}

/** A value of a schema. The one text that every organisation's code passes for stands where a record asks for such a code. */
function sampleOf(schema: JsonSchema, full: boolean, name = ''): Json {
  if ('const' in schema) return schema['const']!;
  const inner = (key: string) => schema[key] as readonly JsonSchema[];
  if ('enum' in schema) return (schema['enum'] as readonly Json[])[0]!;
  if ('anyOf' in schema) return sampleOf(inner('anyOf').at(full ? 0 : -1)!, full, name);
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object':
      return Object.fromEntries(membersOf(schema, full));
    case 'array':
      return full ? [sampleOf(schema['items'] as JsonSchema, full)] : [];
    case 'string':
      return stringOf(schema['pattern'] as string | undefined, name);
    case 'integer':
      return 7;
    case 'boolean':
      return full;
    default:
      return null;
  }
}

function membersOf(schema: JsonSchema, full: boolean): readonly (readonly [string, Json])[] {
  const others = schema['additionalProperties'] as JsonSchema | false;
  if (others) return [['title', sampleOf(others, full)]];
  const members = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  const required = schema['required'] as readonly string[];
  return members
    .filter(([name]) => full || required.includes(name))
    .map(([name, member]) => [name, sampleOf(member, full, name)] as const);
}

function stringOf(pattern: string | undefined, name: string): string {
  if (pattern !== undefined) return '0'.repeat(Number(/\{(\d+)\}\$$/.exec(pattern)?.[1] ?? 8));
  return name === 'issuer' ? PUBLISHER : 'text';
}
