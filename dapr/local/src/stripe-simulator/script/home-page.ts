import { type TestCard, testCards } from '../payments/cards';
import { escapeHtml, page } from './page';

/** What this is, and which cards to pay with. */
export const homePage = (): string =>
  page(
    'Test payments',
    `<main>
<p class="notice">Test payments</p>
<h1>Stripe simulator</h1>
<p>It stands in for Stripe on this machine: no card is charged. Any date to come and any security code will do.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Test cards">
<table><thead><tr><th scope="col">Card</th><th scope="col">What happens</th></tr></thead><tbody>
${testCards.map(row).join('\n')}
</tbody></table>
</div>
</main>`,
  );

const row = (card: TestCard): string =>
  `<tr><td>${card.number.replaceAll(/(\d{4})(?=\d)/g, '$1 ')}</td><td>${escapeHtml(behaviour(card))}</td></tr>`;

function behaviour({ brand, asksForAuthentication, decline, refundsFail }: TestCard): string {
  const end = decline ? `declined (${decline.declineCode})` : `approved${refundsFail ? ', and its refunds fail' : ''}`;
  return `${brand}: ${asksForAuthentication ? `asks for authentication, then ${end}` : end}`;
}
