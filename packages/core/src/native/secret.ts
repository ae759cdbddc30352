import { isatty } from 'node:tty';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
/** What a command ends with that Ctrl-C ended. */
const INTERRUPTED = 130;
const ERASE = new Set(['\u007f', '\b']);

/** Asks for a line that is not shown while it is typed. */
export type AskSecret = (question: string) => Promise<string>;

/** Who asks the person at the terminal of this process; null where nobody sits there. */
export function secretAsker(): AskSecret | null {
  // Not process.stdin: to look at it alone makes an inherited pipe non-blocking for whoever else reads it.
  return isatty(0) && process.stderr.isTTY ? askSecret : null;
}

/** Ctrl-C while it asks interrupts the command as everywhere. */
function askSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stdin.setRawMode(true); // before the question: who answers at once must not be shown either
  stderr.write(question);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise(done => {
    const typed: string[] = [];
    const restore = () => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
    };
    const take = (text: string) => {
      for (const character of text) {
        if (character === CTRL_C) {
          restore();
          // In raw mode the terminal does not send it.
          if (!process.emit('SIGINT')) process.exit(INTERRUPTED);
          return;
        }
        if (character === '\r' || character === '\n' || character === CTRL_D) {
          restore();
          done(typed.join(''));
          return;
        }
        if (ERASE.has(character)) typed.pop();
        else typed.push(character);
      }
    };
    stdin.on('data', take);
  });
}
