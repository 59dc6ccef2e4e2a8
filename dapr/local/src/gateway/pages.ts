// The few pages of the gateway itself: no scripts, no outside resources, readable without styles.
import type { GatewayProblem } from './send-problem';

const style = `
:root { color-scheme: light dark; --accent: #0b5fff; }
@media (prefers-color-scheme: dark) { :root { --accent: #7aa8ff; } }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem; }
h1 { line-height: 1.2; margin: 0 0 .5rem; }
h2 { margin-top: 2rem; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code, pre { font: .92em/1.5 ui-monospace, monospace; }
pre { padding: 1rem; overflow-x: auto; border: 1px solid #8886; border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid #8884; }
.method { font-weight: 700; white-space: nowrap; }
`;

/** What these pages may load: nothing but the style inside them. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Says that the web client does not answer; whoever sends it says when to look again. */
export const faultPage = ({ title, message, retryAfterSeconds }: GatewayProblem) =>
  page(
    title,
    `<h1>${retryAfterSeconds === undefined ? escapeHtml(title) : 'One moment'}</h1>
<p role="status">${escapeHtml(message)}</p>
${retryAfterSeconds === undefined ? '' : '<p>This page looks again by itself every two seconds.</p>'}
<p>On the machine that runs the marketplace, <code>make status</code> and <code>make logs SERVICE=web</code> tell more.</p>`,
  );

export const frontPage = ({ publicUrl, inboxUrl }: { publicUrl: string; inboxUrl: string | undefined }) =>
  page(
    'Ticketing',
    `<h1>Ticketing</h1>
<p>The marketplace is running. There is no web client behind this address (WEB_URL); it serves the API.</p>
<h2>Look around</h2>
<ul>
  <li><a href="/api/tickets">Tickets for sale</a> (JSON)</li>
  <li><a href="/api/docs">The API, route by route</a>, or as <a href="/api/openapi.json">OpenAPI</a></li>
  ${inboxUrl ? `<li><a href="${escapeHtml(inboxUrl)}">Mail inbox</a>: everything the marketplace sends is caught here</li>` : ''}
</ul>
<h2>Try it</h2>
<p>Demo accounts and tickets come with <code>make seed</code>. Or by hand:</p>
<pre tabindex="0"><code>curl -c jar -H 'content-type: application/json' \\
  -d '{"email":"you@example.com","password":"correct horse"}' ${escapeHtml(publicUrl)}/api/users/signup
curl -b jar -H 'content-type: application/json' \\
  -d '{"title":"Front row","price":4500}' ${escapeHtml(publicUrl)}/api/tickets
curl ${escapeHtml(publicUrl)}/api/tickets</code></pre>`,
  );

/** The part of an OpenAPI document that the listing shows. */
export interface ApiDescription {
  info?: { title?: string; version?: string; description?: string };
  paths?: Record<string, Record<string, ApiOperation>>;
}

interface ApiOperation {
  summary?: string;
  description?: string;
  responses?: Record<string, { description?: string }>;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

export function apiPage(api: ApiDescription | undefined): string {
  if (!api) {
    return page(
      'API',
      '<h1>API</h1><p>The description has not been made yet: run <code>make contracts</code> in the repository.</p>',
    );
  }
  const routes = Object.entries(api.paths ?? {}).flatMap(([path, operations]) =>
    methods.flatMap((method) => (operations[method] ? [routeSection(method, path, operations[method])] : [])),
  );
  return page(
    'API',
    `<h1>${escapeHtml(api.info?.title ?? 'API')} ${escapeHtml(api.info?.version ?? '')}</h1>
<p>${escapeHtml(api.info?.description ?? '')}</p>
<p>Also as <a href="/api/openapi.json">OpenAPI</a>, for tools.</p>
${routes.join('\n')}`,
  );
}

const routeSection = (
  method: string,
  path: string,
  { summary = '', description = '', responses = {} }: ApiOperation,
) => `<h2><code><span class="method">${method.toUpperCase()}</span> ${escapeHtml(path)}</code></h2>
<p>${escapeHtml(summary)}</p>${description ? `\n<p>${escapeHtml(description)}</p>` : ''}
<table><thead><tr><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead><tbody>
${Object.entries(responses)
  .map(([status, answer]) => `<tr><td>${escapeHtml(status)}</td><td>${escapeHtml(answer.description ?? '')}</td></tr>`)
  .join('\n')}
</tbody></table>`;

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
