/**
 * One that shows nothing, breaks a line, or reorders or hides what is around it: none belongs in a title, a venue or the
 * subject of a mail. Joiners (U+200C, U+200D) are part of how people write.
 */
export const hiddenCharacter =
  /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
