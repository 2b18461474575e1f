import { createRequire } from 'node:module';
import { show } from './faults.mjs';
import { create, isArray, isObject, keys, parse, stringify } from './intrinsics.mjs';
import { MAX_TEXT, defect, lintSchema } from './schema-lint.mjs';

const MAX_VIOLATIONS = 20;

/** Largest instance, as characters of JSON, for which every violation is looked for; of larger ones only the first is told. */
const FULL_REPORT = 64 * 1024;

/** Errors that only say "something below is wrong": the error below says it better. */
const WRAPPERS = new Set(
  ('properties patternProperties additionalProperties unevaluatedProperties dependentSchemas items prefixItems additionalItems ' +
    'unevaluatedItems $ref allOf if').split(' '),
);

const require = createRequire(import.meta.url);
let library;

/**
 * The validator library: its CommonJS form, because that can be loaded when first needed in the middle of a call, and costs a third of
 * the other. The runner asks for it as soon as it has nothing better to do, so a call hardly ever pays (docs/decisions/0005).
 */
export function validator() {
  return (library ??= require('@cfworker/json-schema'));
}

/** A schema, checked and ready. Keeps its own copy: what tenant code does to its object later changes nothing. */
export class Schema {
  #schema;
  #draft;
  #lookup;

  /** Throws a TypeError that names the JSON pointer of what is wrong. */
  constructor(source) {
    if (!isObject(source)) throw defect('', `expected a JSON Schema object, got ${show(source)}`);
    if ('~standard' in source) throw defect('', 'expected JSON Schema, got a validator object; convert it, with zod by z.toJSONSchema(schema)');
    this.text = stringify(source);
    if (this.text.length > MAX_TEXT) throw defect('', `${this.text.length} characters exceed the limit of ${MAX_TEXT}`);
    this.#schema = bare(parse(this.text)); // keywords are looked up by name: nothing inherited may answer
    const { draft, refs, isLinked } = lintSchema(this.#schema);
    this.#draft = draft;
    if (isLinked) this.#lookup = resolve(this.#schema, refs);
    this.type = this.#schema.type;
  }

  /** The violations of a JSON value, one line each with its place and value; undefined if it fits. */
  check(instance) {
    const value = isPolluted() ? bare(instance) : instance;
    try {
      if (this.#validate(value, true).valid) return undefined;
      const all = stringify(value).length <= FULL_REPORT;
      return lines(all ? this.#validate(value, false) : this.#validate(value, true), value);
    } catch (error) {
      if (error instanceof RangeError) return ['the value is nested too deeply to be checked'];
      throw error;
    }
  }

  #validate(value, firstOnly) {
    this.#lookup ??= resolve(this.#schema, []);
    return validator().validate(value, this.#schema, this.#draft, this.#lookup, firstOnly);
  }
}

// Only what the schema itself contains is ever looked up: nothing is fetched (MCP 2026-07-28, JSON Schema usage: MUST NOT).
function resolve(schema, refs) {
  let lookup;
  try {
    lookup = validator().dereference(schema, create(null));
  } catch (error) {
    throw defect('', error.message);
  }
  for (const { node, pointer } of refs) {
    if (lookup[node.__absolute_ref__] === undefined) {
      throw defect(`${pointer}/$ref`, `${show(node.$ref)} does not resolve inside this schema; external schemas are never fetched`);
    }
  }
  return lookup;
}

function lines({ errors }, instance) {
  const found = errors.filter((error) => !WRAPPERS.has(error.keyword));
  const told = (found.length > 0 ? found : errors).slice(0, MAX_VIOLATIONS).map((error) => line(error, instance));
  if (found.length > MAX_VIOLATIONS) told.push(`… and ${found.length - MAX_VIOLATIONS} more`);
  return told;
}

function line({ instanceLocation, keyword, error }, instance) {
  const path = instanceLocation.split('/').slice(1).map(unescape);
  const place = path.length === 0 ? '(root)' : `/${instanceLocation.split('/').slice(1).join('/')}`;
  if (keyword === 'false') return `${place}: is not allowed here`;
  if (keyword === 'required') return `${place}: ${error}`;
  return `${place}: ${error} Got ${show(at(instance, path))}.`;
}

function unescape(part) {
  return decodeURI(part).replaceAll('~1', '/').replaceAll('~0', '~');
}

function at(value, path) {
  for (const key of path) value = value?.[key];
  return value;
}

const probe = {};

/** Whether loops over an object's keys meet strangers: the validator uses `for in`. */
function isPolluted() {
  for (const _ in probe) return true;
  return false;
}

function bare(value) {
  if (isArray(value)) {
    const copy = [];
    for (let i = 0; i < value.length; i++) copy[i] = bare(value[i]);
    return copy;
  }
  if (!isObject(value)) return value;
  const copy = create(null);
  const names = keys(value);
  for (let i = 0; i < names.length; i++) copy[names[i]] = bare(value[names[i]]);
  return copy;
}
