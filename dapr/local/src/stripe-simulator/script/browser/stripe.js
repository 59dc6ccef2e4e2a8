/**
 * Stripe.js for test payments: sets window.Stripe with what @stripe/react-stripe-js and @stripe/stripe-js/pure use.
 * Card fields live in frames of the simulator's own origin, so that a page never sees a card number; the frames talk
 * through a MessageChannel. Sent to browsers as it is.
 */
(() => {
  const here = new URL(document.currentScript.src);
  const origin = here.origin;

  function Stripe(publishableKey, options = {}) {
    if (typeof publishableKey !== 'string' || !publishableKey.startsWith('pk_')) {
      throw new Error('Please call Stripe() with your publishable key. You used something that is no pk_… key.');
    }
    const account = { publishableKey, locale: options.locale ?? 'auto' };

    return {
      elements: (elementsOptions) => createElements(account, elementsOptions),
      createPaymentMethod: (request) => createPaymentMethod(account, request),
      confirmCardPayment: (clientSecret, data, confirmOptions) =>
        confirmCardPayment(account, clientSecret, data, confirmOptions),
      confirmPayment: (request) => confirmPayment(account, request),
      handleNextAction: ({ clientSecret }) => handleNextAction(account, clientSecret),
      handleCardAction: (clientSecret) => handleNextAction(account, clientSecret),
      retrievePaymentIntent: (clientSecret) => retrievePaymentIntent(account, clientSecret),
      createToken: async () => ({
        error: {
          type: 'invalid_request_error',
          message: 'Test payments make no tokens: use createPaymentMethod or confirmCardPayment.',
        },
      }),
      registerAppInfo: () => undefined,
      _registerWrapper: () => undefined,
    };
  }

  // ---- elements -------------------------------------------------------------------------------------------------

  const frameTitles = {
    card: 'Card fields',
    cardNumber: 'Card number',
    cardExpiry: 'Expiration date',
    cardCvc: 'Security code',
    payment: 'Card fields',
  };
  const elementTypes = Object.keys(frameTitles);

  function createElements(account, options = {}) {
    const group = { id: crypto.randomUUID(), options, elements: new Map(), submitted: false };
    const elements = {
      create(type, elementOptions = {}) {
        if (!elementTypes.includes(type)) {
          throw new Error(`Test payments have no ${type} element, only ${elementTypes.join(', ')}.`);
        }
        if (group.elements.has(type)) throw new Error(`Can only create one Element of type ${type}.`);
        const element = new CardElement(type, elementOptions, group, account);
        group.elements.set(type, element);
        return element;
      },
      getElement: (type) => group.elements.get(typeof type === 'string' ? type : type?.__elementType) ?? null,
      update(changes) {
        group.options = { ...group.options, ...changes };
        for (const element of group.elements.values()) element.restyle();
      },
      fetchUpdates: async () => ({}),
      async submit() {
        const element = fieldsOf(elements);
        const result = await element.ask('submit');
        group.submitted = !result.error;
        return result.error ? result : { selectedPaymentMethod: 'card' };
      },
      _group: group,
    };
    return elements;
  }

  const fieldsOf = (elements) => {
    const found = ['payment', 'card', 'cardNumber'].map((type) => elements.getElement(type)).find(Boolean);
    if (found) return found;
    throw new Error('There is no Element with a card in it: create one first.');
  };

  class CardElement {
    #type;
    #options;
    #group;
    #account;
    #container = null;
    #frame = null;
    #port = null;
    #connected = null;
    #asked = new Map();
    #lastAsked = 0;
    #listeners = new Map();

    constructor(type, options, group, account) {
      this.#type = type;
      this.#options = options;
      this.#group = group;
      this.#account = account;
    }

    mount(target) {
      const container = typeof target === 'string' ? document.querySelector(target) : target;
      if (!(container instanceof HTMLElement)) throw new Error(`Test payments found no place to mount at: ${target}`);
      if (this.#container === container) return;
      this.unmount();
      this.#container = container;
      this.#mark({ empty: true });
      this.#frame = document.createElement('iframe');
      this.#frame.src = `${origin}/elements/card-frame.html`;
      this.#frame.title = `${frameTitles[this.#type]} (test payments)`;
      Object.assign(this.#frame.style, { border: '0', width: '100%', height: '24px', display: 'block' });
      this.#frame.style.colorScheme = 'light only';
      this.#connected = new Promise((resolve) => {
        this.#frame.addEventListener('load', () => this.#connect(resolve));
      });
      container.replaceChildren(this.#frame);
    }

    unmount() {
      this.#frame?.remove();
      this.#port?.close();
      for (const { reject } of this.#asked.values()) reject(notMounted());
      this.#asked.clear();
      if (this.#container) this.#mark(null);
      this.#container = null;
      this.#frame = null;
      this.#port = null;
      this.#connected = null;
    }

    destroy() {
      this.unmount();
      this.#group.elements.delete(this.#type);
      this.#listeners.clear();
    }

    on(event, listener) {
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
      return this;
    }

    once(event, listener) {
      const first = (payload) => {
        this.off(event, first);
        listener(payload);
      };
      return this.on(event, first);
    }

    off(event, listener) {
      const kept = listener ? (this.#listeners.get(event) ?? []).filter((other) => other !== listener) : [];
      this.#listeners.set(event, kept);
      return this;
    }

    update(changes) {
      this.#options = { ...this.#options, ...changes };
      this.restyle();
    }

    restyle() {
      if (this.#port) this.#port.postMessage({ order: 'restyle', look: this.#look() });
    }

    focus() {
      this.#frame?.focus();
      this.#port?.postMessage({ order: 'focus' });
    }

    blur() {
      this.#port?.postMessage({ order: 'blur' });
    }

    clear() {
      this.#port?.postMessage({ order: 'clear' });
    }

    collapse() {
      return this;
    }

    /** Asks the frame to do something with the card in it. */
    async ask(order, details = {}) {
      if (!this.#connected) throw notMounted();
      await this.#connected;
      if (!this.#port) throw notMounted();
      this.#lastAsked += 1;
      const id = this.#lastAsked;
      return new Promise((resolve, reject) => {
        this.#asked.set(id, { resolve, reject });
        this.#port.postMessage({ order, id, ...details });
      });
    }

    #connect(resolve) {
      const { port1, port2 } = new MessageChannel();
      this.#port?.close();
      this.#port = port1;
      port1.onmessage = ({ data }) => this.#hear(data, resolve);
      const hello = {
        type: this.#type,
        group: this.#group.id,
        publishableKey: this.#account.publishableKey,
        look: this.#look(),
      };
      this.#frame.contentWindow.postMessage({ testPayments: hello }, origin, [port2]);
    }

    #hear({ event, payload, height, answer, result, marks, submitted }, resolve) {
      if (height) this.#frame.style.height = `${height}px`;
      if (marks) this.#mark(marks);
      if (answer) {
        this.#asked.get(answer)?.resolve(result);
        this.#asked.delete(answer);
      }
      // The Enter key in a field does what it does in the form around it.
      if (submitted) this.#container.closest('form')?.requestSubmit();
      if (event === 'ready') resolve();
      if (event) this.#tell(event, payload);
    }

    #tell(event, payload = {}) {
      const told = event === 'ready' ? this : { elementType: this.#type, ...payload };
      for (const listener of this.#listeners.get(event) ?? []) listener(told);
    }

    #mark(marks) {
      const { classList } = this.#container;
      classList.toggle('StripeElement', marks !== null);
      for (const mark of ['empty', 'complete', 'invalid', 'focus']) {
        const name = this.#options.classes?.[mark] ?? `StripeElement--${mark}`;
        classList.toggle(name, marks?.[mark] === true);
      }
    }

    #look() {
      const { style, placeholder, disabled, showIcon, hideIcon } = this.#options;
      const { appearance, fonts } = this.#group.options;
      return JSON.parse(JSON.stringify({ style, placeholder, disabled, showIcon, hideIcon, appearance, fonts }));
    }
  }

  const notMounted = () =>
    new Error(
      'We could not retrieve data from the specified Element. Please make sure the Element you are attempting to use is still mounted.',
    );

  // ---- payments -------------------------------------------------------------------------------------------------

  async function createPaymentMethod(account, { type = 'card', card, elements, billing_details, params }) {
    const element = elements ? fieldsOf(elements) : card;
    const billing = billing_details ?? params?.billing_details;
    if (element instanceof CardElement) return element.ask('createPaymentMethod', { billing });
    const answer = await call(account, 'POST', '/v1/payment_methods', { type, card, billing_details: billing });
    return answer.error ? answer : { paymentMethod: answer };
  }

  async function confirmCardPayment(account, clientSecret, data = {}, { handleActions = true } = {}) {
    const { payment_method: method, ...rest } = data;
    const card = method?.card;
    const answer =
      card instanceof CardElement
        ? await card.ask('confirm', { clientSecret, billing: method.billing_details, rest })
        : await confirm(account, clientSecret, { ...paymentMethodIn(method), ...rest });
    return handleActions ? finish(account, answer) : answer;
  }

  async function confirmPayment(account, { elements, clientSecret, confirmParams = {}, redirect = 'always' }) {
    const secret = clientSecret ?? elements?._group.options.clientSecret;
    if (!secret) throw new Error('confirmPayment() needs a clientSecret, or elements() made with one.');
    const { return_url: returnUrl, payment_method_data: data, payment_method, ...rest } = confirmParams;
    if (redirect === 'always' && !returnUrl) throw new Error('confirmPayment() needs confirmParams.return_url.');
    if (elements?._group.options.mode && !elements._group.submitted) {
      throw new Error(
        'elements.submit() must be called before stripe.confirmPayment(), as elements() was given a mode.',
      );
    }
    const parameters = { ...rest, ...(returnUrl ? { return_url: returnUrl } : {}) };
    const answer = payment_method
      ? await confirm(account, secret, { payment_method, ...parameters })
      : await fieldsOf(elements).ask('confirm', {
          clientSecret: secret,
          billing: data?.billing_details,
          rest: parameters,
        });
    const outcome = await finish(account, answer);
    if (outcome.error || redirect === 'if_required') return outcome;
    const back = new URL(returnUrl);
    back.searchParams.set('payment_intent', outcome.paymentIntent.id);
    back.searchParams.set('payment_intent_client_secret', secret);
    back.searchParams.set('redirect_status', 'succeeded');
    location.assign(back);
    return new Promise(() => undefined);
  }

  async function handleNextAction(account, clientSecret) {
    return finish(account, await retrievePaymentIntent(account, clientSecret));
  }

  async function retrievePaymentIntent(account, clientSecret) {
    const query = new URLSearchParams({ client_secret: clientSecret });
    return intentIn(await call(account, 'GET', `/v1/payment_intents/${intentIdOf(clientSecret)}?${query}`));
  }

  async function confirm(account, clientSecret, parameters) {
    const path = `/v1/payment_intents/${intentIdOf(clientSecret)}/confirm`;
    return intentIn(
      await call(account, 'POST', path, { ...parameters, client_secret: clientSecret, use_stripe_sdk: true }),
    );
  }

  /** Lets the buyer answer the bank when it asks. */
  async function finish(account, outcome) {
    const action = outcome.paymentIntent?.next_action;
    if (!action) return outcome;
    const clientSecret = outcome.paymentIntent.client_secret;
    const asked = new URL(action.use_stripe_sdk?.stripe_js ?? action.redirect_to_url.url);
    const answered = await showChallenge(`${origin}${asked.pathname}${asked.search}&framed=true`);
    if (!answered)
      await call(account, 'POST', `/v1/payment_intents/${intentIdOf(clientSecret)}/authenticate`, {
        client_secret: clientSecret,
        outcome: 'fail',
      });
    const after = await retrievePaymentIntent(account, clientSecret);
    const failure = after.paymentIntent?.last_payment_error;
    if (!failure) return after;
    const message = messagesForBuyers[failure.code] ?? failure.message;
    return { error: { ...failure, message, payment_intent: after.paymentIntent } };
  }

  /** Where Stripe.js says it in other words than Stripe's API, which speaks to developers. */
  const messagesForBuyers = {
    payment_intent_authentication_failure:
      'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  };

  /** The bank's question over the page. True when it was answered, false when it was closed. */
  function showChallenge(url) {
    const dialog = document.createElement('dialog');
    const frame = document.createElement('iframe');
    const closer = document.createElement('button');
    Object.assign(frame, { src: url, title: 'Authentication (test payments)' });
    Object.assign(frame.style, { border: '0', width: '100%', height: 'calc(100% - 3rem)', display: 'block' });
    Object.assign(closer, { type: 'button', textContent: 'Close' });
    Object.assign(closer.style, {
      width: '100%',
      height: '3rem',
      border: '0',
      background: '#ffd166',
      color: '#3d2b00',
      font: '1rem system-ui, sans-serif',
      cursor: 'pointer',
    });
    Object.assign(dialog.style, {
      padding: '0',
      border: '0',
      borderRadius: '12px',
      overflow: 'hidden',
      width: 'min(28rem, calc(100vw - 2rem))',
      height: 'min(31rem, calc(100vh - 2rem))',
      boxShadow: '0 0 0 100vmax rgb(0 0 0 / 50%), 0 1rem 3rem rgb(0 0 0 / 40%)',
    });
    dialog.setAttribute('aria-label', 'Authentication (test payments)');
    dialog.append(frame, closer);
    document.body.append(dialog);
    return new Promise((resolve) => {
      const close = (answered) => {
        removeEventListener('message', hear);
        dialog.remove();
        resolve(answered);
      };
      const hear = ({ source, origin: from, data }) => {
        if (source === frame.contentWindow && from === origin) close(data?.testPayments === 'answered');
      };
      addEventListener('message', hear);
      dialog.addEventListener('cancel', () => close(false));
      closer.addEventListener('click', () => close(false));
      dialog.showModal();
      closer.focus();
    });
  }

  const paymentMethodIn = (method) => {
    if (typeof method === 'string') return { payment_method: method };
    return method ? { payment_method_data: { type: 'card', ...method } } : {};
  };

  const intentIn = (answer) => (answer.error ? answer : { paymentIntent: answer });
  const intentIdOf = (clientSecret) => encodeURIComponent(String(clientSecret).split('_secret_')[0]);

  // ---- the wire -------------------------------------------------------------------------------------------------

  const unreachable = {
    type: 'api_connection_error',
    message: 'The test payments server does not answer. Is it still running?',
  };

  async function call({ publishableKey }, method, path, parameters = {}) {
    try {
      const answer = await fetch(origin + path, {
        method,
        headers: { authorization: `Bearer ${publishableKey}` },
        ...(method === 'POST' ? { body: formOf(parameters) } : {}),
      });
      return await answer.json();
    } catch {
      return { error: unreachable };
    }
  }

  function formOf(parameters, form = new URLSearchParams(), prefix = '') {
    for (const [field, value] of Object.entries(parameters)) {
      const name = prefix ? `${prefix}[${field}]` : field;
      if (value === undefined || value === null) continue;
      if (typeof value === 'object') formOf(value, form, name);
      else form.append(name, String(value));
    }
    return form;
  }

  // @stripe/stripe-js compares this with the release that it was made for.
  Stripe.version = /^\/([a-z]+)\/stripe\.js$/.exec(here.pathname)?.[1] ?? 'endive';
  window.Stripe = Stripe;
})();
