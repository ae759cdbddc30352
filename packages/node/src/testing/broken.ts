/** One text of a source file, which stands in it exactly once, and what replaces it. */
export interface Break {
  readonly file: string;
  readonly line: string;
  readonly broken: string;
}

/** A source with one line broken on purpose. Throws if the line does not stand in it exactly once. */
export function broken(source: string, { file, line, broken: instead }: Break): string {
  const parts = source.split(line);
  if (parts.length !== 2)
    throw new Error(`a line to break stands ${parts.length - 1} times in ${file}: ${line}`);
  return parts.join(instead);
}
