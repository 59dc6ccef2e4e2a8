/** A shop's page as the libraries' documentation has it: real @stripe/react-stripe-js, no guard against double clicks. */
import {
  CardCvcElement,
  CardElement,
  CardExpiryElement,
  CardNumberElement,
  Elements,
  PaymentElement,
  useElements,
  useStripe,
} from '@stripe/react-stripe-js';
import { loadStripe } from '@stripe/stripe-js/pure';
import { createElement as h, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

const query = new URLSearchParams(location.search);
const kind = query.get('kind') ?? 'payment';
const clientSecret = query.get('secret');
const stripePromise = loadStripe(query.get('key'));

/** What happened, for the test to read. */
const seen = { events: [], results: [] };
window.seen = seen;

const appearanceOf = (theme) => ({
  theme,
  variables: theme === 'night' ? { colorBackground: '#10141c', colorText: '#f4f6fa' } : { colorPrimary: '#0a7d55' },
  rules: { '.Input': { borderWidth: '2px' }, '.Input--invalid': { borderWidth: '3px' } },
});

const optionsOf = {
  payment: () => ({ clientSecret, paymentMethodCreation: 'manual' }),
  deferred: () => ({
    mode: 'payment',
    amount: 2000,
    currency: 'usd',
    captureMethod: 'manual',
    paymentMethodTypes: ['card'],
  }),
  card: () => ({}),
  split: () => ({}),
};

function Shop() {
  const [theme, setTheme] = useState('stripe');
  const [isOpen, setIsOpen] = useState(true);
  const options = { ...optionsOf[kind](), appearance: appearanceOf(theme) };
  return h(
    'main',
    null,
    h('button', { type: 'button', onClick: () => setTheme('night') }, 'Dark'),
    h('button', { type: 'button', onClick: () => setIsOpen(!isOpen) }, isOpen ? 'Leave' : 'Return'),
    isOpen ? h(Elements, { stripe: stripePromise, options }, h(Till)) : null,
  );
}

const noting = Object.fromEntries(
  ['Ready', 'Change', 'Focus', 'Blur', 'Escape'].map((name) => [
    `on${name}`,
    (event) => seen.events.push({ name: name.toLowerCase(), complete: event?.complete, empty: event?.empty }),
  ]),
);

const fieldsOf = {
  payment: () => h(PaymentElement, noting),
  deferred: () => h(PaymentElement, noting),
  card: () => h(CardElement, noting),
  split: () => [
    h(CardNumberElement, { key: 'number', ...noting }),
    h(CardExpiryElement, { key: 'expiry', ...noting }),
    h(CardCvcElement, { key: 'cvc', ...noting }),
  ],
};

function Till() {
  const stripe = useStripe();
  const elements = useElements();
  const [status, setStatus] = useState('');
  const pay = async (event) => {
    event.preventDefault();
    const result = await confirmed(stripe, elements);
    seen.results.push(result.error ? { code: result.error.code ?? result.error.type } : result.paymentIntent.status);
    setStatus(result.error ? result.error.message : `Paid: ${result.paymentIntent.status}`);
  };
  window.shop = { stripe, elements };
  return h(
    'form',
    { onSubmit: pay },
    fieldsOf[kind](),
    h('button', { type: 'submit', disabled: !stripe }, 'Pay'),
    h('p', { role: 'status' }, status),
  );
}

async function confirmed(stripe, elements) {
  if (kind === 'card' || kind === 'split') {
    const card = elements.getElement(kind === 'card' ? CardElement : CardNumberElement);
    return stripe.confirmCardPayment(clientSecret, { payment_method: { card, billing_details: { name: 'Bob' } } });
  }
  const submitted = await elements.submit();
  if (submitted.error) return submitted;
  return stripe.confirmPayment({
    elements,
    clientSecret,
    confirmParams: { return_url: `${location.origin}/orders/1` },
    redirect: 'if_required',
  });
}

createRoot(document.getElementById('root')).render(h(StrictMode, null, h(Shop)));
