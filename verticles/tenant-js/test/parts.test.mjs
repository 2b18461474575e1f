import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Schema } from '../src/schema.mjs';
import { UriTemplate } from '../src/uri-template.mjs';

test('templates match what their expressions can have expanded to', () => {
  const cases = [
    ['x://{id}/data', 'x://123/data', { id: '123' }],
    ['x://{id}/data', 'x://a%2Fb/data', { id: 'a/b' }],
    ['x://{id}/data', 'x://a/b/data', undefined],
    ['x://{id}/data', 'x:///data', undefined],
    ['x://{id}/data', 'x://%zz/data', undefined],
    ['x://{id}', 'x://a?b', undefined],
    ['x://{id}', 'x://a/', undefined],
    ['{a}.{b}', 'x.y.z', { a: 'x', b: 'y.z' }],
    ['x:{list*}', 'x:a,b%2Cc', { list: ['a', 'b,c'] }],
    ['file:///{+path}', 'file:///a/b?c#d', { path: 'a/b?c#d' }],
    ['file:///{+path}', 'file:///', undefined],
    ['x://{a}/{+p}/data/{id}', 'x://q/a/data/b/data/c', { a: 'q', p: 'a/data/b', id: 'c' }],
    ['x://{a}/{+p}/data/{id}', 'x://q/data/c', undefined],
    ['x:{+p}-{b}-z', 'x:1-2-3-z', { p: '1-2', b: '3' }],
    ['x:{+p}-{b}-z', 'x:-2-z', undefined],
  ];
  for (const [template, uri, variables] of cases) assert.deepEqual(new UriTemplate(template).match(uri), variables, `${template} on ${uri}`);
});

test('matching a hostile URI takes linear time', () => {
  const template = new UriTemplate('x:{a}-{b}-{c}-{d}-{e}-{f}-{+g}-{h}-{i}!');
  assert.equal(template.match(`x:${'-'.repeat(8000)}`), undefined);
  assert.equal(template.match(`x:${'a-'.repeat(4000)}`), undefined);
  assert.equal(template.match(`x:${'a-'.repeat(40_000)}!`), undefined, 'longer than a URI may be');
});

test('templates that cannot be matched without guessing are refused', () => {
  for (const template of ['', 'x', '{a}{b}', '{?q}', '{/p*}', '{a,b}', '{a:3}', '{+a*}', '{+a}x{+b}', 'a{b', 'a}b', '{a}-{a}', '{__proto__}', '{1a}']) {
    assert.throws(() => new UriTemplate(template), TypeError, template);
  }
});

test('schemas with a defect are refused with the JSON pointer', () => {
  const nested = (depth) => (depth === 0 ? {} : { not: nested(depth - 1) });
  const cases = [
    [{ $schema: 'https://example.com/dialect' }, /at \/\$schema: unknown dialect "https:\/\/example\.com\/dialect"; known are/],
    [{ properties: { 'a/b': { $schema: 'nosuch' } } }, /at \/properties\/a~1b\/\$schema: unknown dialect/],
    [{ $ref: 'https://example.com/schema' }, /at \/\$ref: .*external schemas are never fetched/],
    [{ items: { $ref: '#/$defs/nosuch' } }, /at \/items\/\$ref: "#\/\$defs\/nosuch" does not resolve/],
    [{ $dynamicRef: '#x' }, /at \/\$dynamicRef: \$dynamicRef is not supported/],
    [{ required: 'a' }, /at \/required: expected an array of strings, got "a"/],
    [{ properties: { a: 5 } }, /at \/properties\/a: expected a schema/],
    [{ properties: [] }, /at \/properties: expected an object of schemas/],
    [{ allOf: {} }, /at \/allOf: expected an array of schemas/],
    [{ pattern: '(' }, /at \/pattern: Invalid regular expression/],
    [{ patternProperties: { '(': {} } }, /at \/patternProperties\/\(: Invalid regular expression/],
    [{ maxLength: -1 }, /at \/maxLength: expected an integer of at least 0, got -1/],
    [{ multipleOf: 0 }, /at \/multipleOf: expected a number above 0, got 0/],
    [{ enum: 'a' }, /at \/enum: expected an array, got "a"/],
    [nested(65), /nested deeper than the limit of 64/],
    [{ allOf: Array(4096).fill({}) }, /more subschemas than the limit of 4096/],
    [{ description: 'x'.repeat(300_000) }, /exceed the limit of 262144/],
    [{ '~standard': {} }, /got a validator object/],
  ];
  for (const [schema, words] of cases) assert.throws(() => new Schema(schema), words);
});

test('x-mcp-header stands only where HTTP clients can mirror it', () => {
  const property = (more) => ({ type: 'object', properties: { a: { type: 'string', 'x-mcp-header': 'A', ...more } } });
  assert.ok(new Schema(property()));
  assert.ok(new Schema({ properties: { outer: property() } }));
  const cases = [
    [property({ 'x-mcp-header': 'a b' }), /expected an HTTP field name, got "a b"/],
    [property({ type: 'number' }), /not on "number"/],
    [{ anyOf: [property()] }, /only where plain "properties" lead/],
    [{ $defs: { d: property() } }, /only where plain "properties" lead/],
    [{ type: 'string', 'x-mcp-header': 'A' }, /only where plain "properties" lead/],
    [{ properties: { ...property().properties, b: { type: 'string', 'x-mcp-header': 'a' } } }, /already mirrored/],
  ];
  for (const [schema, words] of cases) assert.throws(() => new Schema(schema), words);
});

test('schemas refer to their own parts, and know three dialects', () => {
  const definitions = { $defs: { a: { $anchor: 'anchored', type: 'string' } }, properties: { p: { $ref: '#/$defs/a' }, q: { $ref: '#anchored' } } };
  assert.equal(new Schema(definitions).check({ p: 'x', q: 'y' }), undefined);
  assert.equal(new Schema(definitions).check({ p: 1, q: 2 }).length, 2);
  const tree = new Schema({ properties: { children: { type: 'array', items: { $ref: '#' } } } });
  assert.deepEqual(tree.check({ children: [{ children: [{ children: 5 }] }] }), ['/children/0/children/0/children: Instance type "number" is invalid. Expected "array". Got 5.']);
  for (const $schema of ['https://json-schema.org/draft/2020-12/schema', 'https://json-schema.org/draft/2019-09/schema', 'http://json-schema.org/draft-07/schema#']) {
    assert.deepEqual(new Schema({ $schema, type: 'object' }).check(5)?.length, 1);
  }
});

test('a schema that refers only to itself ends with an error, not with the process', () => {
  assert.deepEqual(new Schema({ $ref: '#' }).check({}), ['the value is nested too deeply to be checked']);
});

test('names that every object has are no properties', () => {
  const schema = new Schema({ type: 'object', required: ['toString'], properties: { constructor: { type: 'string' } } });
  assert.deepEqual(schema.check({}), ['(root): Instance does not have required property "toString".']);
  assert.equal(schema.check({ toString: 1 }), undefined);
});

test('reports are bounded, and cheap for large values', () => {
  const schema = new Schema({ type: 'array', items: { type: 'string' } });
  const small = schema.check(Array(1000).fill(1));
  assert.equal(small.length, 21);
  assert.equal(small.at(-1), '… and 980 more');
  assert.equal(schema.check(Array(1_000_000).fill(1)).length, 1);
});
