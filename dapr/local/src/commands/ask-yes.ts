import { createInterface } from 'node:readline';

/** Whether a person at the terminal says yes. Ctrl-C and Ctrl-D are a no. */
export const askYes = (
  question: string,
  terminal: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream; terminal?: boolean },
) =>
  new Promise<boolean>((resolve) => {
    const asking = createInterface(terminal);
    let answered = false;
    asking.question(question, (answer) => {
      answered = true;
      resolve(/^y(es)?$/i.test(answer.trim()));
      asking.close();
    });
    // Ctrl-C and Ctrl-D close it, and leave the cursor behind the question.
    asking.once('close', () => {
      if (!answered) terminal.output.write('\n');
      resolve(false);
    });
  });
