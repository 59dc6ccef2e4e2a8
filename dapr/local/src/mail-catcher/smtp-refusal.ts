/** An error that smtp-server answers with this code: 4xx asks to try again, 5xx does not. */
export const smtpRefusal = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });
