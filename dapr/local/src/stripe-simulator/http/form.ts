/** Stripe's form encoding: `metadata[order]=1&types[]=card&expand[0]=x` as nested objects and lists. */
export type FormValue = string | FormValue[] | { [field: string]: FormValue };
export type Form = { [field: string]: FormValue };

/** Parses a query string or body; a name used both as a value and as an object keeps the last meaning. */
export function parseForm(encoded: string): Form {
  const form: Form = emptyForm();
  for (const [name, value] of new URLSearchParams(encoded)) place(form, pathOf(name), value);
  return listsFromNumberedFields(form) as Form;
}

const emptyForm = (): Form => Object.create(null) as Form;

const pathOf = (name: string): string[] => {
  const bracket = name.indexOf('[');
  if (bracket <= 0 || !name.endsWith(']')) return [name];
  return [name.slice(0, bracket), ...name.slice(bracket + 1, -1).split('][')].slice(0, 8);
};

function place(form: Form, path: string[], value: string): void {
  let target = form;
  for (const [depth, part] of path.entries()) {
    const field = part === '' ? String(Object.keys(target).length) : part;
    if (depth === path.length - 1) {
      target[field] = value;
      return;
    }
    const existing = target[field];
    const inner: Form = typeof existing === 'object' && !Array.isArray(existing) ? existing : emptyForm();
    target[field] = inner;
    target = inner;
  }
}

function listsFromNumberedFields(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const fields = Object.keys(value);
  const converted: Form = emptyForm();
  for (const field of fields) converted[field] = listsFromNumberedFields(value[field] ?? '');
  const numbered = fields.length > 0 && fields.every((field, index) => field === String(index));
  return numbered ? fields.map((field) => converted[field] ?? '') : converted;
}
