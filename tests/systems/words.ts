/** The words of a command as a shell reads them, with double quotes and no other signs. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:"([^"]*)"|([^\s"]))+/g)].map(([word]) => word.replaceAll('"', ''));
}
