/** Makes the fields look as the page asks, by Stripe's `style` (card elements) and `appearance` (payment element). */

const themes = {
  night: {
    '--ink': '#e8eaee',
    '--ground': '#1d2128',
    '--line': '#6d7788',
    '--soft': '#a3adba',
    '--wrong': '#ff9d94',
    '--accent': '#9db4ff',
  },
};

const variableNames = {
  colorPrimary: '--accent',
  colorBackground: '--ground',
  colorText: '--ink',
  colorTextSecondary: '--soft',
  colorTextPlaceholder: '--soft',
  colorDanger: '--wrong',
  borderRadius: '--radius',
  fontFamily: '--family',
  fontSizeBase: '--text',
  gridRowSpacing: '--space',
};

export function applyLook({ style = {}, appearance = {}, placeholder, disabled = false }, inputs) {
  const { base = {}, invalid = {} } = style;
  const chosen = {
    ...themes[appearance.theme],
    ...renamed(appearance.variables ?? {}),
    '--ink': base.color ?? renamed(appearance.variables ?? {})['--ink'] ?? themes[appearance.theme]?.['--ink'],
    ...present({
      '--soft': base['::placeholder']?.color,
      '--text': base.fontSize,
      '--family': base.fontFamily,
      '--wrong': invalid.color,
    }),
  };
  document.documentElement.removeAttribute('style');
  for (const [name, value] of Object.entries(present(chosen))) {
    document.documentElement.style.setProperty(name, String(value));
  }
  dressByRules(appearance.rules ?? {});
  document.body.removeAttribute('style');
  Object.assign(document.body.style, present({ fontWeight: base.fontWeight, letterSpacing: base.letterSpacing }));
  for (const input of Object.values(inputs)) input.disabled = disabled;
  const only = Object.values(inputs).filter((input) => input.isConnected);
  if (placeholder && only.length === 1) only[0].placeholder = placeholder;
}

const ruleSheet = new CSSStyleSheet();
document.adoptedStyleSheets = [ruleSheet];

const ruleTargets = { '.Input': '.field input', '.Label': '.field label', '.Error': '#problem' };

/** Stripe's `rules`: classes of its own with states, e.g. `.Input:focus` or `.Input--invalid`. */
function dressByRules(rules) {
  while (ruleSheet.cssRules.length > 0) ruleSheet.deleteRule(0);
  for (const [name, declarations] of Object.entries(rules)) {
    const [, part, isInvalid, state = ''] = /^(\.[A-Z][A-Za-z]*)(--invalid)?((?:::?[a-z-]+)?)$/.exec(name) ?? [];
    const target = ruleTargets[part];
    if (!target) continue;
    const invalid = isInvalid ? '[aria-invalid="true"]' : '';
    const index = ruleSheet.insertRule(
      `[data-type="payment"] ${target}${invalid}${state} {}`,
      ruleSheet.cssRules.length,
    );
    const { style } = ruleSheet.cssRules[index];
    for (const [property, value] of Object.entries(declarations)) style[property] = value;
  }
}

const renamed = (variables) =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (variableNames[name] ? [[variableNames[name], value]] : [])),
  );

const present = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
