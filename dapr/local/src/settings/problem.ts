/** Something the person at the keyboard can mend: one sentence naming it and what to do. Shown without a trace. */
export class Problem extends Error {}
