// What is refused when a schema is registered. The validator interprets schemas and believes them, so a misspelt type or a broken
// pattern would otherwise surface in the middle of a call, or never.

import { show } from './faults.mjs';

/** Dialects the validator knows, by the `$schema` that names them. Without one it is 2020-12 (MCP 2026-07-28, JSON Schema usage). */
const DIALECTS = new Map([
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
  ['https://json-schema.org/draft/2019-09/schema', '2019-09'],
  ['http://json-schema.org/draft-07/schema', '7'],
]);

export const MAX_DEPTH = 64;
export const MAX_SUBSCHEMAS = 4096;
export const MAX_TEXT = 256 * 1024;

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
const HEADER_TYPES = new Set(['string', 'integer', 'boolean']);
const HEADER_TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/; // RFC 9110 §5.6.2

const isText = (value) => typeof value === 'string';
const isFlag = (value) => typeof value === 'boolean';
const isNumber = (value) => typeof value === 'number';
const isCount = (value) => Number.isInteger(value) && value >= 0;
const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value) => Array.isArray(value) && value.every(isText);
const isTyped = (value) => (Array.isArray(value) ? value.length > 0 && value.every((one) => TYPES.has(one)) : TYPES.has(value));

const table = (groups) => new Map(groups.flatMap(([words, rule]) => words.split(' ').map((word) => [word, rule])));

/** Keywords whose value is checked by itself: [test, what was expected]. */
const VALUES = table([
  ['$id $anchor $ref title description format contentEncoding contentMediaType $comment', [isText, 'a string']],
  ['maximum minimum exclusiveMaximum exclusiveMinimum', [isNumber, 'a number']],
  ['multipleOf', [(value) => isNumber(value) && value > 0, 'a number above 0']],
  [
    'maxLength minLength maxItems minItems maxProperties minProperties maxContains minContains',
    [isCount, 'an integer of at least 0'],
  ],
  ['uniqueItems deprecated readOnly writeOnly', [isFlag, 'true or false']],
  ['required', [isTexts, 'an array of strings']],
  ['enum', [Array.isArray, 'an array']],
  ['dependentRequired', [(value) => isMap(value) && Object.values(value).every(isTexts), 'an object of arrays of strings']],
  ['type', [isTyped, `one of ${[...TYPES].join(', ')}, or an array of them`]],
]);

/** Keywords whose value is a schema, a list of schemas, or named schemas. */
const CHILDREN = table([
  [
    'additionalItems unevaluatedItems contains additionalProperties unevaluatedProperties propertyNames not if then else contentSchema',
    'one',
  ],
  ['prefixItems allOf anyOf oneOf', 'list'],
  ['items', 'oneOrList'],
  ['$defs definitions properties patternProperties dependentSchemas', 'named'],
]);

/** Legal JSON Schema that this validator would silently ignore. Refusing is the honest answer. */
const UNSUPPORTED = new Set(['$dynamicRef', '$recursiveRef', '$vocabulary']);

/**
 * Walks a schema and throws at its first defect, naming the JSON pointer.
 *
 * @returns {{draft: string, refs: {node: object, pointer: string}[], isLinked: boolean}} the dialect, every node with a `$ref` still to be
 * resolved, and whether the schema names parts of itself at all
 */
export function lintSchema(schema) {
  const walk = { count: 0, refs: [], isLinked: false, headers: new Set() };
  const draft = dialect(schema.$schema, '');
  visit(schema, '', 0, true, walk);
  return { draft, refs: walk.refs, isLinked: walk.isLinked };
}

function dialect(uri, pointer) {
  if (uri === undefined) return '2020-12';
  const draft = isText(uri) ? DIALECTS.get(uri.replace(/#$/, '')) : undefined;
  if (!draft) throw defect(`${pointer}/$schema`, `unknown dialect ${show(uri)}; known are ${[...DIALECTS.keys()].join(', ')}`);
  return draft;
}

function visit(node, pointer, depth, plain, walk) {
  if (isFlag(node)) return;
  if (!isMap(node)) throw defect(pointer, `expected a schema (an object, true or false), got ${show(node)}`);
  if (depth > MAX_DEPTH) throw defect(pointer, `nested deeper than the limit of ${MAX_DEPTH}`);
  if (++walk.count > MAX_SUBSCHEMAS) throw defect(pointer, `more subschemas than the limit of ${MAX_SUBSCHEMAS}`);
  if (node.$id !== undefined || node.$anchor !== undefined || node.$ref !== undefined) walk.isLinked = true;
  if (node.$ref !== undefined) walk.refs.push({ node, pointer });
  for (const [key, value] of Object.entries(node)) keyword(node, key, value, `${pointer}/${escape(key)}`, depth, plain, walk);
}

function keyword(node, key, value, pointer, depth, plain, walk) {
  if (UNSUPPORTED.has(key)) throw defect(pointer, `${key} is not supported`);
  if (key === '$schema') return void dialect(value, pointer.slice(0, -'/$schema'.length));
  if (key === 'pattern') return pattern(value, pointer);
  if (key === 'x-mcp-header') return header(node, value, pointer, plain, walk);
  const rule = VALUES.get(key);
  if (rule && !rule[0](value)) throw defect(pointer, `expected ${rule[1]}, got ${show(value)}`);
  const kind = CHILDREN.get(key);
  if (kind) children(key, kind, value, pointer, depth + 1, plain, walk);
}

function children(key, kind, value, pointer, depth, plain, walk) {
  const list = kind === 'list' || (kind === 'oneOrList' && Array.isArray(value));
  if (list) {
    if (!Array.isArray(value)) throw defect(pointer, `expected an array of schemas, got ${show(value)}`);
    value.forEach((child, index) => visit(child, `${pointer}/${index}`, depth, false, walk));
  } else if (kind === 'named') {
    if (!isMap(value)) throw defect(pointer, `expected an object of schemas, got ${show(value)}`);
    for (const [name, child] of Object.entries(value)) {
      if (key === 'patternProperties') pattern(name, `${pointer}/${escape(name)}`);
      visit(child, `${pointer}/${escape(name)}`, depth, plain && key === 'properties', walk);
    }
  } else {
    visit(value, pointer, depth, false, walk);
  }
}

function pattern(source, pointer) {
  if (!isText(source)) throw defect(pointer, `expected a regular expression, got ${show(source)}`);
  try {
    void new RegExp(source, 'u');
  } catch (error) {
    throw defect(pointer, error.message);
  }
}

// MCP 2026-07-28, Transports › Mirrored parameters: one bad annotation and HTTP clients drop the whole tool, so it fails here.
function header(node, name, pointer, plain, walk) {
  if (!isText(name) || !HEADER_TOKEN.test(name)) throw defect(pointer, `expected an HTTP field name, got ${show(name)}`);
  if (!plain || pointer === '/x-mcp-header') throw defect(pointer, 'allowed only where plain "properties" lead from the root');
  if (!HEADER_TYPES.has(node.type)) throw defect(pointer, `allowed only on string, integer or boolean, not on ${show(node.type)}`);
  if (walk.headers.has(name.toLowerCase())) throw defect(pointer, `the header ${show(name)} is already mirrored by another property`);
  walk.headers.add(name.toLowerCase());
}

function escape(key) {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

export function defect(pointer, problem) {
  return new TypeError(`at ${pointer === '' ? 'the root' : pointer}: ${problem}`);
}
