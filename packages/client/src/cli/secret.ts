const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const ERASE = new Set(['\u007f', '\b']);

/** Asks on the terminal for a line that is not shown. Ctrl-C there interrupts the command as everywhere. */
export function askSecret(question: string): Promise<string> {
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
          process.emit('SIGINT'); // in raw mode the terminal does not send it
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
