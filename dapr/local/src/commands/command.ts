export interface Command {
  /** One line for the overview. */
  summary: string;
  /** Words after the program, and what they mean. */
  usage: string;
  /** @returns the exit code @throws Problem for what the person at the keyboard can mend */
  run(words: string[]): Promise<number>;
}
