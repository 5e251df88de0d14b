// Whether values fit their JSON Schemas: a small validator of what our schemas use, and of nothing else.
// Reads {"schemas": {kind: schema}, "cases": [{"kind", "value"}]}, writes [true, false, …].
import { readFileSync } from 'node:fs';

const SAYING = new Set(['title', 'description', 'examples', 'default', 'enumDescriptions', '$schema', '$defs']);
const patterns = new Map();
const regex = (text) => patterns.get(text) ?? patterns.set(text, new RegExp(text, 'u')).get(text);
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const TYPES = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  array: Array.isArray,
  object: isObject,
  null: (value) => value === null,
};

// Each keyword: what it wants of a value, beside the schema that it stands in.
const KEYWORDS = {
  $ref: (name, value, { root }) => fits(name.split('/').slice(1).reduce((at, part) => at[part], root), value, root),
  type: (types, value) => [types].flat().some((type) => TYPES[type](value)),
  enum: (names, value) => names.includes(value),
  pattern: (text, value) => typeof value !== 'string' || regex(text).test(value),
  maxLength: (most, value) => typeof value !== 'string' || [...value].length <= most,
  minLength: (least, value) => typeof value !== 'string' || [...value].length >= least,
  minimum: (least, value) => typeof value !== 'number' || value >= least,
  maximum: (most, value) => typeof value !== 'number' || value <= most,
  minItems: (least, value) => !Array.isArray(value) || value.length >= least,
  items: (item, value, { root }) => !Array.isArray(value) || value.every((one) => fits(item, one, root)),
  required: (keys, value) => !isObject(value) || keys.every((key) => Object.hasOwn(value, key)),
  properties: (keys, value, { root }) => !isObject(value)
    || Object.entries(keys).every(([key, schema]) => !Object.hasOwn(value, key) || fits(schema, value[key], root)),
  patternProperties: (all, value, { root }) => !isObject(value) || Object.entries(all).every(([text, schema]) =>
    Object.entries(value).every(([key, one]) => !regex(text).test(key) || fits(schema, one, root))),
  additionalProperties: (rest, value, { schema, root }) => !isObject(value) || Object.entries(value).every(([key, one]) =>
    Object.hasOwn(schema.properties ?? {}, key)
    || Object.keys(schema.patternProperties ?? {}).some((text) => regex(text).test(key))
    || fits(rest, one, root)),
  propertyNames: (names, value, { root }) => !isObject(value) || Object.keys(value).every((key) => fits(names, key, root)),
  anyOf: (all, value, { root }) => all.some((one) => fits(one, value, root)),
  oneOf: (all, value, { root }) => all.filter((one) => fits(one, value, root)).length === 1,
  allOf: (all, value, { root }) => all.every((one) => fits(one, value, root)),
  not: (one, value, { root }) => !fits(one, value, root),
  if: (when, value, { schema, root }) => fits((fits(when, value, root) ? schema.then : schema.else) ?? true, value, root),
  then: () => true,
  else: () => true,
};

function fits(schema, value, root) {
  if (typeof schema === 'boolean') return schema;
  return Object.entries(schema).every(([keyword, wanted]) => {
    if (SAYING.has(keyword)) return true;
    if (!KEYWORDS[keyword]) throw new Error(`the schema has a keyword that this test does not know: ${keyword}`);
    return KEYWORDS[keyword](wanted, value, { schema, root });
  });
}

const { schemas, cases } = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(cases.map(({ kind, value }) => fits(schemas[kind], value, schemas[kind]))));
