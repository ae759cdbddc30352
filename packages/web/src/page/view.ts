/** A verdict in words and elements. `said` is what a screen reader is told, empty while nothing is decided. */
export interface VerdictView {
  readonly tone: 'idle' | 'good' | 'warn' | 'bad';
  readonly said: string;
  readonly nodes: readonly Node[];
}
