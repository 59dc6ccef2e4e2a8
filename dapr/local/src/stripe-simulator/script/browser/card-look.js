/** Makes the fields look as the page asks, by Stripe's `style` (card elements) and `appearance` (payment element). */

const themes = {
  night: { '--ink': '#e8eaee', '--ground': '#1d2128', '--line': '#3b4350', '--soft': '#98a2b0', '--wrong': '#ff9d94' },
  stripe: { '--ink': '#1a1f27', '--ground': '#fff', '--line': '#d5dae1', '--soft': '#6b7482', '--wrong': '#b3261e' },
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
  for (const [name, value] of Object.entries(present(chosen))) {
    document.documentElement.style.setProperty(name, String(value));
  }
  Object.assign(document.body.style, present({ fontWeight: base.fontWeight, letterSpacing: base.letterSpacing }));
  for (const input of Object.values(inputs)) input.disabled = disabled;
  const only = Object.values(inputs).filter((input) => input.isConnected);
  if (placeholder && only.length === 1) only[0].placeholder = placeholder;
}

const renamed = (variables) =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (variableNames[name] ? [[variableNames[name], value]] : [])),
  );

const present = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
