/** What an HTTP error code means: its status, and a title for people. */
export interface HttpError {
  readonly status: number;
  readonly title: { readonly en: string; readonly zh: string };
}

function error(status: number, en: string, zh: string): HttpError {
  return { status, title: { en, zh } };
}

/**
 * The codes that the HTTP interface gives of its own. A submission can also be refused with a code of the ledger or of a
 * decoder (ERRORS), listed in `REFUSAL_STATUS` where the status is not 422.
 */
export const HTTP_ERRORS = {
  'bad-parameter': error(400, 'A parameter is not valid', '参数无效'),
  'bad-request': error(400, 'The request is not valid HTTP for this service', '请求格式无效'),
  'bad-cursor': error(
    400,
    'The search cannot go on from this cursor; begin again',
    '无法从该游标继续检索，请重新检索',
  ),
  'no-route': error(404, 'There is nothing at this path', '没有此路径'),
  'wrong-method': error(405, 'This path takes another method', '此路径不支持该方法'),
  'no-submission': error(404, 'This submission is not known here', '本节点没有该提交'),
  'no-record': error(404, 'The log has no such record', '账本中没有该存证记录'),
  'no-document': error(404, 'No public record carries this digest', '没有公开的存证记录载有此摘要'),
  'no-subject': error(404, 'This subject has no record', '该标的没有记录'),
  'no-block': error(404, 'There is no such block', '没有该区块'),
  'no-publisher': error(404, 'There is no such publisher', '没有该发布机构'),
  'no-epoch': error(404, 'There is no such epoch', '没有该纪元'),
  'no-tile': error(404, 'No certified checkpoint requires this tile', '没有已确认的检查点需要该数据块'),
  'not-held': error(
    421,
    'This node began with a snapshot and does not hold what is older; ask another node',
    '本节点由快照建立，不保存更早的内容；请向其他节点查询',
  ),
  'slow-request': error(408, 'The request took too long to arrive', '请求接收超时'),
  'too-big': error(413, 'The body is too big', '内容过大'),
  'wrong-media-type': error(415, 'This path takes another media type', '此路径不接受该媒体类型'),
  refused: error(422, 'The ledger refused the submission', '账本拒绝了该提交'),
  busy: error(429, 'Too many requests at once', '请求过多，请稍后重试'),
  'long-headers': error(431, 'The request headers are too long', '请求头过长'),
  internal: error(500, 'Something went wrong here', '内部错误'),
  'no-checkpoint': error(503, 'No checkpoint is signed by a quorum yet', '尚无达到法定签名数的检查点'),
  'not-final': error(503, 'Not final yet', '尚未最终确认'),
  'no-log-key': error(
    503,
    'This node follows without a vote, and no validator signed the checkpoint for it in time; ask again, or another node',
    '本节点不参与表决，验证节点未及时为其签署检查点；请稍后重试，或向其他节点查询',
  ),
  'not-ready': error(503, 'This node is not ready', '本节点尚未就绪'),
} as const satisfies Readonly<Record<string, HttpError>>;

/** A code that the HTTP interface gives of its own. */
export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** The status of each refusal that is not the usual 422: by a decoder, by what happened meanwhile, by load. */
export const REFUSAL_STATUS: Readonly<Record<string, number>> = {
  malformed: 400,
  'bad-key': 400,
  'bad-signature': 400,
  'cbor-head': 400,
  'cbor-limit': 400,
  'cbor-not-shortest': 400,
  'cbor-order': 400,
  'cbor-range': 400,
  'cbor-trailing': 400,
  'cbor-truncated': 400,
  'cbor-type': 400,
  'cbor-utf8': 400,
  'cbor-value': 400,
  'too-big': 413,
  'action-not-allowed': 409,
  'wrong-prev': 409,
  'stale-link': 409,
  overloaded: 429,
  'over-quota': 429,
};

/** The error of a code: its own, or that of a refused submission with the status its code has. */
export function httpError(code: string, retryAfter: number | null = null): HttpError {
  if (Object.hasOwn(HTTP_ERRORS, code)) return HTTP_ERRORS[code as HttpErrorCode];
  const status = Object.hasOwn(REFUSAL_STATUS, code)
    ? REFUSAL_STATUS[code]!
    : retryAfter === null
      ? 422
      : 503;
  return { status, title: HTTP_ERRORS.refused.title };
}
