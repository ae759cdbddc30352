/** The removal of what keeps one failure out, and the test that must then fail. */
export interface Removal {
  /** The failure, as docs/PROTOCOL.md names it. */
  readonly failure: string;
  /** Where the guard stands, below packages/node/src. */
  readonly file: string;
  /** Text that stands exactly once in the file, and what stands there with the guard gone. */
  readonly line: string;
  readonly broken: string;
  /** A test file below packages/node/src, and how the full name of one test in it ends, as docs/PROTOCOL.md quotes it. */
  readonly test: { readonly file: string; readonly name: string };
}
