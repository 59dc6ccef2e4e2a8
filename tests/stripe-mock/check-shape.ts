// Whether a value has the shape that an API description gives it: no field that it does not know, each of its type,
// none missing that must be there.
import type { OpenApi, Schema } from './build-stripe-mock';

/** @returns what is wrong, each with where; nothing when the value is as described */
export function checkShape(value: unknown, schema: Schema, { components }: OpenApi, at = ''): string[] {
  const resolve = (given: Schema): Schema => {
    const name = given.$ref?.replace('#/components/schemas/', '');
    return name === undefined ? given : { ...components.schemas[name], ...(given.nullable ? { nullable: true } : {}) };
  };
  const check = (found: unknown, given: Schema, where: string): string[] => {
    const { type, nullable, anyOf, items, enum: members, ...object } = resolve(given);
    if (found === null) return nullable || anyOf?.some((one) => resolve(one).nullable) ? [] : [`${where} is null`];
    if (anyOf) {
      // An id, or the whole object in its place: what is no object is not compared with one.
      const alike = anyOf.filter((one) => (typeof found === 'object') === isObject(resolve(one)));
      const attempts = (alike.length > 0 ? alike : anyOf).map((one) => check(found, one, where));
      return attempts.sort((a, b) => a.length - b.length)[0] ?? [];
    }
    if (members && !members.includes(found)) return [`${where} is ${JSON.stringify(found)}`];
    if (type === 'array') return checkList(found, items ?? {}, where);
    if (type === 'object' || object.properties) return checkObject(found, object, where);
    const isOfType = type === undefined || (type === 'integer' ? Number.isInteger(found) : typeof found === type);
    return isOfType ? [] : [`${where} is no ${type}: ${JSON.stringify(found)}`];
  };
  const checkList = (found: unknown, items: Schema, where: string): string[] =>
    Array.isArray(found) ? found.flatMap((item) => check(item, items, `${where}[]`)) : [`${where} is no list`];
  const checkObject = (found: unknown, { properties, required = [], additionalProperties }: Schema, where: string) => {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return [`${where} is no object`];
    const missing = required.filter((name) => !(name in found)).map((name) => `${where}.${name} is missing`);
    return [
      ...missing,
      ...Object.entries(found).flatMap(([name, inner]) => {
        const place = `${where}.${name}`;
        const known = properties?.[name];
        if (known) return check(inner, known, place);
        if (typeof additionalProperties === 'object') return check(inner, additionalProperties, place);
        return properties && additionalProperties !== true ? [`${place} is not described`] : [];
      }),
    ];
  };
  return check(value, schema, at);
}

const isObject = ({ type, properties }: Schema): boolean => type === 'object' || properties !== undefined;

/** The description of an answer. @throws when there is no such operation */
export function answerSchema(api: OpenApi, method: string, path: string, status: number): Schema {
  const described = Object.keys(api.paths).find(
    (pattern) => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(path) && api.paths[pattern]?.[method],
  );
  const responses = described === undefined ? undefined : api.paths[described]?.[method]?.responses;
  const schema = (responses?.[String(status)] ?? responses?.default)?.content?.['application/json']?.schema;
  if (!schema) throw new Error(`Stripe's description has no ${method} ${path}`);
  return schema;
}
