export interface Progress {
  tell(text: string): void;
  end(): void;
}

/** On a terminal one line that changes, elsewhere a line every few seconds. A short run shows nothing. */
export function showProgress(stream: NodeJS.WriteStream, now: () => number = Date.now): Progress {
  const everyMs = stream.isTTY ? 100 : 5_000;
  let shownAt = now();
  let isShown = false;
  return {
    tell(text) {
      if (now() - shownAt < everyMs) return;
      shownAt = now();
      isShown = true;
      stream.write(stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
    },
    end() {
      if (isShown && stream.isTTY) stream.write('\r\x1b[K');
      isShown = false;
    },
  };
}
