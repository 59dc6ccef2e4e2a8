/** Something a person has to know, in one sentence: it is printed as it is, and the command exits with 1. */
export class Problem extends Error {}
