import {
  type Body,
  COMMON_ERRORS,
  HTTP_ERRORS,
  type HttpErrorCode,
  REFUSAL_STATUS,
  type Route,
} from '@qifeng/core';

const BEGIN = '<!-- from the route data -->';
const END = '<!-- end of the route data -->';

/** `document` with what stands between its two marks made anew from the data. */
export function withTables(document: string, routes: Readonly<Record<string, Route>>): string {
  const [before, rest = ''] = document.split(BEGIN);
  const after = rest.split(END)[1] ?? '';
  return `${before}${BEGIN}\n\n${tables(routes)}\n\n${END}${after}`;
}

function tables(routes: Readonly<Record<string, Route>>): string {
  return [
    '| route | gives | answers | errors | cache |',
    '|---|---|---|---|---|',
    ...Object.values(routes).map(route =>
      row(
        `\`${route.method} ${route.path}${queryOf(route)}\``,
        route.what,
        Object.entries(route.responses)
          .map(([status, body]) => `${status} ${typeOf(body)}`)
          .join(', '),
        route.errors.map(code => `\`${code}\``).join(' '),
        route.cache,
      ),
    ),
    '',
    '| parameter | is |',
    '|---|---|',
    ...new Set(
      Object.values(routes).flatMap(({ params, query, headers }) =>
        Object.entries({ ...params, ...query, ...headers }).map(([name, { what }]) =>
          row(`\`${name}\``, what),
        ),
      ),
    ),
    '',
    '| code | status | means |',
    '|---|---|---|',
    ...Object.entries(HTTP_ERRORS)
      .filter(([code]) => code !== 'refused')
      .map(([code, { status, title }]) => {
        const everywhere = COMMON_ERRORS.includes(code as HttpErrorCode) ? ' (any route)' : '';
        return row(`\`${code}\``, String(status), `${title.en}${everywhere} · ${title.zh}`);
      }),
    '',
    `A refused submission has the code of its refusal and status 422, but for: ${refusals()}.`,
  ].join('\n');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function queryOf({ query }: Route): string {
  const names = Object.keys(query);
  return names.length === 0 ? '' : `?${names.map(name => `${name}=`).join('&')}`;
}

function typeOf(body: Body): string {
  if (body.kind === 'raw') return body.mediaType.split(';')[0]!;
  const { title } = body.view.schema;
  if (body.kind === 'events') return `events ${title}`;
  return typeof title === 'string' ? `JSON ${title}` : 'JSON';
}

function refusals(): string {
  const statuses = [...new Set(Object.values(REFUSAL_STATUS))];
  return statuses
    .map(status => {
      const codes = Object.keys(REFUSAL_STATUS).filter(code => REFUSAL_STATUS[code] === status);
      return `${status} for ${codes.map(code => `\`${code}\``).join(' ')}`;
    })
    .join('; ');
}
