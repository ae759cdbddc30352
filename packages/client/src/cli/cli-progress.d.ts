// cli-progress 3.12 ships no types; this is what is used here.
declare module 'cli-progress' {
  interface Options {
    readonly stream: NodeJS.WriteStream;
    readonly format: string;
    readonly barCompleteChar: string;
    readonly barIncompleteChar: string;
    readonly barsize: number;
    readonly clearOnComplete: boolean;
    readonly linewrap: boolean;
  }
  /** One bar. */
  export class SingleBar {
    constructor(options: Options);
    start(total: number, value: number): void;
    update(value: number): void;
    stop(): void;
  }
}
