import { SMTPServer } from 'smtp-server';

/**
 * smtp-server lets every client wait 100 ms for its greeting, to find those who talk too soon: spam, which a catcher on
 * this machine need not fear. Dapr's binding dials anew for each mail, one after the other, so the wait was nearly all
 * that a mail took. The library has no setting for it; here the connection is made ready at once, and its timer, when
 * it comes, finds nothing left to do.
 */
export class PromptSmtpServer extends SMTPServer {
  override connect(...given: Parameters<SMTPServer['connect']>): void {
    const known = new Set(this.connections);
    super.connect(...given);
    for (const connection of this.connections) {
      if (known.has(connection)) continue;
      connection.connectionReady();
      connection.connectionReady = () => undefined;
    }
  }
}
