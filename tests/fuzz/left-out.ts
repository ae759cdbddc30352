/** What the packages export that reads bytes of others and has no entry of its own, each with the reason. */
export const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  [
    'packages/client/src/audit/node-reader.ts NodeReader',
    'it asks over HTTP; views and parsers read the answers',
  ],
  [
    'packages/client/src/cli/commands/status/answer.ts readStatus',
    'it chooses what verifyStatusProof is asked',
  ],
  [
    'packages/client/src/cli/commands/verify/standing.ts provenStanding',
    'it gives the bytes to verifyRecordStatus',
  ],
  ['packages/client/src/stamp/receipts.ts verifyOwn', 'verifyReceipt, and then a comparison'],
  ['packages/core/src/encoding/base64.ts decodeBase64', 'fromBase64 with places'],
  ['packages/core/src/encoding/cbor-reader.ts CborReader', 'each codec reads by it'],
  ['packages/core/src/encoding/codec.ts decode', 'each codec is read by it'],
  ['packages/core/src/encoding/codec.ts decodeFirst', 'peekSubmission, and no codec of its own'],
  [
    'packages/node/src/engine/wire/records.ts decodeGuard',
    'the checksums of its file held: it throws on anything else',
  ],
  [
    'packages/node/src/storage/buckets.ts readNumber',
    'eight bytes of a value of the store, whose checksum held',
  ],
  [
    'packages/node/src/storage/ledger-reader.ts StoredLedgerReader',
    'it reads the store, each value of which has a checksum',
  ],
]);
