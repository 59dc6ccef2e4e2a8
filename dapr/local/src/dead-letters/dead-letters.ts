// Events that their consumers gave up: where the broker keeps them, and how they are put back. Read past Dapr, which has no
// way to look at a topic without consuming it.

/** Every time an app gave an event up is a letter of its own; Dapr does not write whose. */
export interface DeadLetter {
  /** Where the broker has it. */
  place: string;
  diedAt: Date;
  /** The event as daprd published it. */
  json: string;
}

export interface DeadLetterBox {
  /** Oldest first. */
  list(topic: string): Promise<DeadLetter[]>;
  /**
   * Publishes the event of these letters once to the topic, where every consumer gets it, and removes the letters.
   * @param letters of one event @returns false when somebody else was faster
   */
  putBack(topic: string, letters: readonly DeadLetter[]): Promise<boolean>;
  close(): Promise<void>;
}

/** An event with its letters: more than one when several apps gave it up. */
export interface DeadEvent {
  id: string;
  type: string;
  subject: string;
  time: string;
  letters: DeadLetter[];
}

/** In the order in which they first died. A letter that is no event stands alone, under its place. */
export function deadEvents(letters: readonly DeadLetter[]): DeadEvent[] {
  const events = new Map<string, DeadEvent>();
  for (const letter of letters) {
    const { id, type, subject, time } = envelope(letter.json);
    const key = id ?? letter.place;
    const known = events.get(key);
    if (known) known.letters.push(letter);
    else {
      const unknown = 'not an event';
      events.set(key, { id: key, type: type ?? unknown, subject: subject ?? '', time: time ?? '', letters: [letter] });
    }
  }
  return [...events.values()];
}

function envelope(json: string): Partial<Record<'id' | 'type' | 'subject' | 'time', string>> {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
