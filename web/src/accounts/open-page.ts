/** Loads a page anew, so that nothing is shown that was fetched for somebody else; Back does not return to the form. */
export const openPage = (path: string): void => window.location.replace(path);
