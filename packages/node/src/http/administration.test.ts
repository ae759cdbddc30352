import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePorts } from '../transport/testing/group.ts';
import { type Administration, administer } from './administration.ts';

let port: number;
let administration: Administration;
let cut: readonly string[];

beforeEach(async () => {
  [port] = (await freePorts(1)) as [number];
  cut = [];
  const cutOff = (members: readonly string[]): void => {
    cut = members;
  };
  administration = await administer({ cut: () => cut, cutOff }, port);
});
afterEach(() => administration.close());

/** Status and body of one request with exactly these headers. */
function send(method: string, path: string, body = '', headers: Record<string, string> = {}) {
  const type = { 'content-type': 'application/json', 'content-length': String(body.length) };
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method, path, headers: { ...type, ...headers } });
    sent.on('error', reject).on('response', response => {
      let text = '';
      response.setEncoding('utf8').on('data', part => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sent.end(body);
  });
}

describe('the administration of a node', () => {
  it('sets and shows whom the node does not talk to', async () => {
    expect(await send('GET', '/partition')).toEqual({ status: 200, body: '{"cut":[]}' });
    const set = await send('PUT', '/partition', '{"cut":["120000","310000"]}');
    expect(set).toEqual({ status: 200, body: '{"cut":["120000","310000"]}' });
    expect(cut).toEqual(['120000', '310000']);
    expect((await send('PUT', '/partition', '{"cut":[]}')).status).toBe(200);
    expect(cut).toEqual([]);
  });

  it.each([
    ['no JSON', 'cut', {}, 400],
    ['another type', '{"cut":["120000"]}', { 'content-type': 'text/plain' }, 400],
    ['a form', 'cut=120000', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['no list', '{"cut":"120000"}', {}, 400],
    ['no codes', '{"cut":["Beijing"]}', {}, 400],
    ['more than it knows', '{"cut":[],"stop":true}', {}, 400],
    ['too much', `{"cut":[${'"120000",'.repeat(3000)}"120000"]}`, {}, 413],
    ['a name that leads here by DNS', '{"cut":["120000"]}', { host: 'example.com' }, 403],
  ])('refuses %s', async (_, body, headers, status) => {
    expect((await send('PUT', '/partition', body, headers)).status).toBe(status);
    expect(cut).toEqual([]);
  });

  it('has no other routes', async () => {
    expect((await send('GET', '/v1/network')).status).toBe(404);
    expect((await send('POST', '/partition', '{"cut":["120000"]}')).status).toBe(404);
    expect(cut).toEqual([]);
  });
});
