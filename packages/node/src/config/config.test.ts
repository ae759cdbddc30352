import { describe, expect, it } from 'vitest';
import { ConfigError, DEFAULT_CONFIG, formatConfig, readConfig } from './config.ts';

describe('configuration', () => {
  it('reads what it writes', () => {
    const config = { ...DEFAULT_CONFIG, http: { host: '0.0.0.0', port: 9 } };
    expect(readConfig(formatConfig(config), {})).toEqual(config);
    expect(readConfig('', {})).toEqual(DEFAULT_CONFIG);
    expect(formatConfig(config)).not.toContain('limits');
    const tight = { ...config, limits: { ...config.limits, rate: 10 } };
    expect(readConfig(formatConfig(tight), {})).toEqual(tight);
    expect(formatConfig(config)).not.toContain('admin');
    const administered = { ...config, admin: { port: 8301 } };
    expect(readConfig(formatConfig(administered), {})).toEqual(administered);
    const patient = { ...config, consensus: { timeout: 4_000 } };
    expect(readConfig(formatConfig(patient), {})).toEqual(patient);
    const roomy = { ...config, store: { cache: 512 } };
    expect(readConfig(formatConfig(roomy), {})).toEqual(roomy);
  });

  it('lets the environment win', () => {
    expect(readConfig('[http]\nport = 1', { QIFENG_HTTP__PORT: '2' }).http.port).toBe(2);
  });

  it.each([
    ['[http]\nprot = 1', {}, 'http.port'],
    ['', { QIFENG_P2P__HSOT: 'x' }, 'p2p.host'],
    ['loglevel = "info"', {}, 'log.level'],
  ])('names the nearest key for %j', (toml, env, hint) => {
    expect(() => readConfig(toml, env)).toThrow(hint);
    expect(() => readConfig(toml, env)).toThrow(ConfigError);
  });

  it.each([
    '[http]\nport = 70000',
    '[http]\nport = "x"',
    '[limits]\nrate = 0',
    '[limits]\npending = 1.5',
    '[log]\nlevel = "loud"',
    '[consensus]\ntimeout = 50',
    '[consensus]\ntimeout = 60000',
    '[store]\ncache = 1',
    '[http.host]\nx = 1',
    '[http]\nhost = 1',
    '[http]\nport = ""',
    '[http]\nport = [1]',
    '[limits]\nrate = true',
    '[constructor]\nname = "x"',
    'no toml [',
  ])('refuses %j', toml => {
    expect(() => readConfig(toml, {})).toThrow(ConfigError);
  });
});
