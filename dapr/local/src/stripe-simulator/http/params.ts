import type { Form, FormValue } from './form';
import { invalidRequest } from './stripe-error';

/** Reads a request's parameters with Stripe's refusals, and remembers which were asked for. */
export class Params {
  private readonly known = new Set<string>(['expand', 'client_secret', 'key']);

  constructor(
    private readonly form: Form,
    private readonly prefix = '',
    /** The request's `Stripe-Version`, when it names one. */
    private readonly version: string | null = null,
  ) {}

  /** A request that names no version may use what any version knew. `date` is that of a version: `2026-09-30`. */
  isFromBefore(date: string): boolean {
    return this.version === null || this.version < date;
  }

  text(field: string, maxLength = 5000): string | undefined {
    const value = this.take(field);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw invalidRequest('Invalid string: {}', { param: this.name(field) });
    if (value.length > maxLength) {
      throw invalidRequest(`Invalid string: ${value.slice(0, 20)}...; must be at most ${maxLength} characters`, {
        param: this.name(field),
      });
    }
    return value;
  }

  requiredText(field: string, maxLength?: number): string {
    const value = this.text(field, maxLength);
    if (value === undefined || value === '') throw this.missing(field);
    return value;
  }

  integer(field: string): number | undefined {
    const value = this.take(field);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value)) {
      throw invalidRequest(`Invalid integer: ${typeof value === 'string' ? value.slice(0, 40) : '{}'}`, {
        code: 'parameter_invalid_integer',
        param: this.name(field),
      });
    }
    return Number(value);
  }

  requiredInteger(field: string): number {
    const value = this.integer(field);
    if (value === undefined) throw this.missing(field);
    return value;
  }

  flag(field: string): boolean | undefined {
    const value = this.take(field);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') {
      throw invalidRequest(`Invalid boolean: ${String(value).slice(0, 40)}`, { param: this.name(field) });
    }
    return value === 'true';
  }

  oneOf<const Choices extends readonly string[]>(field: string, choices: Choices): Choices[number] | undefined {
    const value = this.text(field);
    if (value === undefined || value === '') return undefined;
    const choice = choices.find((candidate) => candidate === value);
    if (choice) return choice;
    throw invalidRequest(`Invalid ${this.name(field)}: must be one of ${choices.join(', ')}`, {
      param: this.name(field),
    });
  }

  texts(field: string): string[] | undefined {
    const value = this.take(field);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
      throw invalidRequest('Invalid array', { param: this.name(field) });
    }
    return value;
  }

  hasInside(field: string): boolean {
    return typeof this.form[field] === 'object';
  }

  /** The parameters inside `field[…]`. */
  inside(field: string): Params | undefined {
    const value = this.take(field);
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string' || Array.isArray(value)) {
      throw invalidRequest('Invalid object', { param: this.name(field) });
    }
    return new Params(value, this.name(field));
  }

  /** Stripe's limits: 50 keys, 40 characters a key, 500 a value; an empty value removes the key. */
  metadata(): Record<string, string> | undefined {
    const value = this.take('metadata');
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string' || Array.isArray(value))
      throw invalidRequest('Invalid object', { param: 'metadata' });
    const entries = Object.entries(value);
    if (entries.length > 50) throw invalidRequest('Metadata can have up to 50 keys', { param: 'metadata' });
    return Object.fromEntries(entries.map(([key, text]) => [this.metadataKey(key), this.metadataValue(key, text)]));
  }

  /** Call when all known parameters were read. */
  refuseUnknown(): void {
    const unknown = Object.keys(this.form).find((field) => !this.known.has(field));
    if (unknown === undefined) return;
    const name = this.name(unknown);
    throw invalidRequest(`Received unknown parameter: ${name}`, { code: 'parameter_unknown', param: name });
  }

  private metadataKey(key: string): string {
    if (key.length <= 40) return key;
    throw invalidRequest(`Metadata keys must be under 40 characters: ${key.slice(0, 40)}`, { param: 'metadata' });
  }

  private metadataValue(key: string, value: FormValue): string {
    if (typeof value === 'string' && value.length <= 500) return value;
    throw invalidRequest(`Metadata values must be strings of up to 500 characters`, { param: `metadata[${key}]` });
  }

  private take(field: string): FormValue | undefined {
    this.known.add(field);
    return this.form[field];
  }

  private missing(field: string) {
    return invalidRequest(`Missing required param: ${this.name(field)}.`, {
      code: 'parameter_missing',
      param: this.name(field),
    });
  }

  private name(field: string): string {
    return this.prefix ? `${this.prefix}[${field}]` : field;
  }
}
