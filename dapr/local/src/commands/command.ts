export interface Command {
  /** One line for the overview. */
  summary: string;
  /** Words after the program, and what they mean. */
  usage: string;
  /** What may stand behind its name; nothing when it is left out. */
  takes?: {
    /** How many words that are no options. */
    words?: number;
    /** As they are written; one that takes a value ends with `=`. */
    options?: readonly string[];
    /** Whether `--` and another program's words may follow. */
    program?: boolean;
  };
  /** @returns the exit code @throws Problem for what the person at the keyboard can mend */
  run(words: string[]): Promise<number>;
}
