// What a tab remembers until it is closed. Storage that is full or switched off remembers nothing, and pages go on
// without.

export const tabStorage = {
  keep(key: string, value: unknown): void {
    unlessRefused(() => sessionStorage.setItem(key, JSON.stringify(value)));
  },
  recall<Value>(key: string): Value | undefined {
    const text = unlessRefused(() => sessionStorage.getItem(key)) ?? null;
    return text === null ? undefined : (JSON.parse(text) as Value);
  },
  forget(key: string): void {
    unlessRefused(() => sessionStorage.removeItem(key));
  },
  keys: (): string[] => unlessRefused(() => Object.keys(sessionStorage)) ?? [],
};

function unlessRefused<Result>(use: () => Result): Result | undefined {
  try {
    return use();
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
