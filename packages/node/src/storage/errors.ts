/** Why storage failed. Codes are stable. All of them stop the node: nothing may go on as if the data had held. */
export type StorageCode =
  | 'store-failed'
  | 'store-in-use'
  | 'store-damaged'
  | 'store-other-chain'
  | 'store-version'
  | 'log-failed'
  | 'log-damaged'
  | 'guard-failed'
  | 'guard-damaged';

/** A failed or damaged store, log or guard file. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageCode;

  constructor(code: StorageCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The error as it is if it is ours, else a coded one that carries it as its cause. */
export function storageError(code: StorageCode, what: string, cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  return new StorageError(code, `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
}
