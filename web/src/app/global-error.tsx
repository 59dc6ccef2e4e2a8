'use client';
import { ErrorState } from '@/components/error-state';
import '@/styles/main.scss';
import { fontClasses } from './fonts';

/** When even the frame around pages could not be made. */
export default function GlobalError() {
  return (
    <html lang="en" className={fontClasses}>
      <body>
        <title>Something went wrong · Row Fifteen</title>
        <main id="content">
          <div className="container">
            <ErrorState
              asPage
              title="Something went wrong on our side"
              detail="Nothing you did is lost. Load the page again in a moment."
            >
              <a className="btn btn-primary" href="/">
                Start from the beginning
              </a>
            </ErrorState>
          </div>
        </main>
      </body>
    </html>
  );
}
