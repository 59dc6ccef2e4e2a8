/** The frame with the card fields: checks what is typed, and alone sends it to the simulator. */

import { applyLook } from './card-look.js';
import {
  brandOf,
  cvcProblem,
  digitsIn,
  expiryIn,
  expiryProblem,
  formatCvc,
  formatExpiry,
  formatNumber,
  numberProblem,
} from './card-rules.js';

const inputs = Object.fromEntries(['number', 'expiry', 'cvc'].map((name) => [name, document.getElementById(name)]));
const fieldsOfType = {
  card: ['number', 'expiry', 'cvc'],
  payment: ['number', 'expiry', 'cvc'],
  cardNumber: ['number'],
  cardExpiry: ['expiry'],
  cardCvc: ['cvc'],
};

addEventListener(
  'message',
  ({ source, data, ports: [port] }) => {
    if (source === parent && data?.testPayments && port) start(data.testPayments, port);
  },
  { once: true },
);

function start({ type, group, publishableKey, look }, port) {
  const names = fieldsOfType[type];
  const mine = names.map((name) => inputs[name]);
  const siblings = new BroadcastChannel(`test-payments-${group}`);
  const touched = new Set();
  let cardNumberElsewhere = '';

  document.body.dataset.type = type;
  applyLook(look, inputs);
  for (const [name, input] of Object.entries(inputs)) {
    if (names.includes(name)) listenTo(name, input);
    else input.closest('.field').remove();
  }
  document.getElementById('card').addEventListener('submit', (event) => {
    event.preventDefault();
    port.postMessage({ submitted: true });
  });
  for (const button of document.querySelectorAll('[data-number]')) button.addEventListener('click', fillIn);
  new ResizeObserver(tellHeight).observe(document.getElementById('card'));
  siblings.addEventListener('message', ({ data }) => hearSibling(data));
  port.onmessage = ({ data }) => obey(data);
  port.postMessage({ event: 'ready' });
  tellHeight();

  function listenTo(name, input) {
    input.addEventListener('input', (event) => {
      format(name, input, event.inputType?.startsWith('delete') ?? false);
      if (!problemOf(name)) moveOn(name);
      tellChange();
    });
    input.addEventListener('focus', () => port.postMessage({ event: 'focus', marks: marks() }));
    input.addEventListener('blur', () => {
      if (input.value !== '') touched.add(name);
      port.postMessage({ event: 'blur', marks: marks() });
      tellChange();
    });
    input.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') port.postMessage({ event: 'escape' });
    });
  }

  function format(name, input, isDeleting) {
    const digitsBefore = digitsIn(input.value.slice(0, input.selectionStart)).length;
    const isAtEnd = input.selectionStart === input.value.length;
    if (name === 'number') input.value = formatNumber(input.value);
    if (name === 'expiry') input.value = formatExpiry(input.value, isDeleting);
    if (name === 'cvc') input.value = formatCvc(input.value, cardNumber());
    if (!isAtEnd) placeCaret(input, digitsBefore);
    if (name === 'number') siblings.postMessage({ number: input.value });
  }

  function fillIn({ currentTarget: { dataset } }) {
    inputs.number.value = formatNumber(dataset.number);
    inputs.expiry.value = `12 / ${(new Date().getFullYear() + 3) % 100}`;
    inputs.cvc.value = formatCvc('1234', dataset.number);
    document.getElementById('cards').open = false;
    inputs.cvc.focus();
    tellChange();
  }

  function placeCaret(input, digitsBefore) {
    let position = 0;
    for (let seen = 0; position < input.value.length && seen < digitsBefore; position += 1) {
      if (/\d/.test(input.value[position])) seen += 1;
    }
    input.setSelectionRange(position, position);
  }

  function moveOn(name) {
    const next = mine[names.indexOf(name) + 1];
    if (document.activeElement === inputs[name] && inputs[name].value !== '' && next?.value === '') next.focus();
  }

  function cardNumber() {
    return names.includes('number') ? inputs.number.value : cardNumberElsewhere;
  }

  function problemOf(name) {
    if (name === 'number') return numberProblem(inputs.number.value);
    if (name === 'expiry') return expiryProblem(inputs.expiry.value);
    return cvcProblem(inputs.cvc.value, cardNumber());
  }

  /** An unfinished field is a problem only once it was left. */
  function shownProblems() {
    return names.flatMap((name) => {
      const problem = problemOf(name);
      const isUnfinished = problem?.code.startsWith('incomplete') ?? false;
      return problem && (touched.has(name) || !isUnfinished) ? [{ name, problem }] : [];
    });
  }

  function marks() {
    return {
      empty: mine.every(({ value }) => value === ''),
      complete: names.every((name) => !problemOf(name)),
      invalid: shownProblems().length > 0,
      focus: mine.includes(document.activeElement),
    };
  }

  function tellChange() {
    const shown = shownProblems();
    for (const name of names) {
      inputs[name].setAttribute('aria-invalid', String(shown.some((problem) => problem.name === name)));
      if (shown[0]?.name === name) inputs[name].setAttribute('aria-describedby', 'problem');
      else inputs[name].removeAttribute('aria-describedby');
    }
    const error = shown[0]?.problem;
    document.getElementById('problem').textContent = error?.message ?? '';
    const { complete, empty } = marks();
    const brand = brandOf(cardNumber()).brand;
    const payload = { complete, empty, error, brand, collapsed: false, value: { type: 'card' } };
    port.postMessage({ event: 'change', payload, marks: marks() });
  }

  function tellHeight() {
    port.postMessage({ height: Math.ceil(document.getElementById('card').getBoundingClientRect().height) });
  }

  async function obey({ order, id, look: newLook, ...details }) {
    if (order === 'restyle') return applyLook(newLook, inputs);
    if (order === 'focus') return mine.find(({ value }) => value === '')?.focus() ?? mine[0].focus();
    if (order === 'blur') return document.activeElement?.blur();
    if (order === 'clear') return clear();
    const result = await work(order, details);
    port.postMessage({ answer: id, result });
  }

  function clear() {
    for (const input of mine) input.value = '';
    touched.clear();
    tellChange();
  }

  async function work(order, { clientSecret, billing, rest }) {
    const values = await gather();
    const error = values.problem;
    for (const name of names) touched.add(name);
    tellChange();
    if (error) return { error };
    if (order === 'submit') return {};
    const method = { type: 'card', card: cardOf(values), ...(billing ? { billing_details: billing } : {}) };
    if (order === 'createPaymentMethod') return named('paymentMethod', await post('/v1/payment_methods', method));
    const intentId = encodeURIComponent(clientSecret.split('_secret_')[0]);
    const parameters = { payment_method_data: method, client_secret: clientSecret, use_stripe_sdk: true, ...rest };
    return named('paymentIntent', await post(`/v1/payment_intents/${intentId}/confirm`, parameters));
  }

  /** All values, those of the fields in other frames too. */
  async function gather() {
    const own = ownValues();
    if (type === 'card' || type === 'payment') return own;
    const others = await askSiblings();
    return {
      ...Object.assign({}, own, ...others),
      problem: [own, ...others].map(({ problem }) => problem).find(Boolean) ?? null,
    };
  }

  function ownValues() {
    const values = Object.fromEntries(names.map((name) => [name, inputs[name].value]));
    return { ...values, problem: names.map(problemOf).find(Boolean) ?? null };
  }

  function askSiblings() {
    const question = crypto.randomUUID();
    const answers = [];
    return new Promise((resolve) => {
      const done = () => {
        siblings.removeEventListener('message', hear);
        clearTimeout(late);
        resolve(answers);
      };
      const hear = ({ data }) => {
        if (data.answerTo !== question) return;
        answers.push(data.values);
        if (answers.length === 2) done();
      };
      const late = setTimeout(done, 1000);
      siblings.addEventListener('message', hear);
      siblings.postMessage({ question });
    });
  }

  function hearSibling({ question, number }) {
    if (question) {
      for (const name of names) touched.add(name);
      tellChange();
      siblings.postMessage({ answerTo: question, values: ownValues() });
    }
    if (number !== undefined) {
      cardNumberElsewhere = number;
      tellChange();
    }
  }

  async function post(path, parameters) {
    try {
      const answer = await fetch(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${publishableKey}` },
        body: formOf(parameters),
      });
      return await answer.json();
    } catch {
      return { error: { type: 'api_connection_error', message: 'The test payments server does not answer.' } };
    }
  }
}

const named = (name, answer) => (answer.error ? answer : { [name]: answer });

const cardOf = ({ number, expiry, cvc }) => {
  const { month, year } = expiryIn(expiry);
  return { number: digitsIn(number), exp_month: month, exp_year: year, cvc };
};

function formOf(parameters, form = new URLSearchParams(), prefix = '') {
  for (const [field, value] of Object.entries(parameters)) {
    const name = prefix ? `${prefix}[${field}]` : field;
    if (value === undefined || value === null) continue;
    if (typeof value === 'object') formOf(value, form, name);
    else form.append(name, String(value));
  }
  return form;
}
