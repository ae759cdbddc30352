export * from '../packages/client/src/bench/measure.ts';

/** A line of progress on standard error, where it does not spoil the table. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
