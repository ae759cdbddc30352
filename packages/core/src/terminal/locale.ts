import type { Lang } from './catalogue.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What must be known before the arguments are parsed, because help and errors depend on it. */
export interface Preview {
  readonly lang: Lang;
  readonly json: boolean;
  /** The value of a `--lang` that names no language we have, else null. */
  readonly wrongLang: string | null;
}

/** Reads `--lang` and `--json` ahead of the parser. Without `--lang` the environment decides. */
export function preview(argv: readonly string[], env: Environment): Preview {
  const end = argv.indexOf('--');
  const args = end < 0 ? argv : argv.slice(0, end);
  let wanted: string | undefined;
  for (const [i, arg] of args.entries()) {
    if (arg === '--lang') wanted = args[i + 1] ?? wanted;
    else if (arg.startsWith('--lang=')) wanted = arg.slice('--lang='.length);
  }
  const lang = wanted === undefined ? null : languageOf(wanted);
  return {
    lang: lang ?? localeLanguage(env),
    json: args.includes('--json'),
    wrongLang: wanted === undefined || lang !== null ? null : wanted,
  };
}

/** Chinese for a locale that begins with `zh`, else English. POSIX order: LC_ALL, LC_MESSAGES, LANG. */
export function localeLanguage(env: Environment): Lang {
  return languageOf(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ?? 'en';
}

/** The language of `zh`, `zh-CN`, `zh_CN.UTF-8`, `en-GB` and the like; null for one that we have not. */
function languageOf(tag: string): Lang | null {
  const [, lang] = /^(zh|en)(?![a-z])/i.exec(tag) ?? [];
  return lang === undefined ? null : (lang.toLowerCase() as Lang);
}
