// From what a handler returns to what goes on the wire.

import { show } from './faults.mjs';
import { isArray, isObject, own, stringify } from './intrinsics.mjs';

const base64 = (data) => (typeof data === 'string' ? data : bytes(data).toString('base64'));

function bytes(data) {
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  throw new TypeError(`expected Base64 text or bytes, got ${show(data)}`);
}

/** Makers of content blocks, given to tenants as `mcp.content`. `extra` may hold annotations, _meta and what else a block has. */
export const content = Object.freeze({
  text: (text, extra) => ({ type: 'text', text: String(text), ...extra }),
  image: (data, mimeType, extra) => ({ type: 'image', data: base64(data), mimeType, ...extra }),
  audio: (data, mimeType, extra) => ({ type: 'audio', data: base64(data), mimeType, ...extra }),
  resource: (resource, extra) => ({ type: 'resource', resource: { ...resource, ...blobOf(resource) }, ...extra }),
  resourceLink: (uri, name, extra) => ({ type: 'resource_link', uri, name, ...extra }),
});

function blobOf({ blob }) {
  return blob === undefined ? undefined : { blob: base64(blob) };
}

const block = (value) => (typeof value === 'string' ? { type: 'text', text: value } : value);

function blocks(list, place) {
  if (!isArray(list)) throw new TypeError(`${place} must be an array of content blocks, got ${show(list)}`);
  const made = [];
  for (let i = 0; i < list.length; i++) {
    made[i] = block(list[i]);
    if (!isObject(made[i]) || typeof made[i].type !== 'string') throw new TypeError(`${place}[${i}] must be a content block, got ${show(list[i])}`);
  }
  return made;
}

/** @returns {{content: object[], structured: unknown, isError: boolean, meta: unknown}} `structured` undefined if there is none */
export function toolResult(value) {
  if (value === undefined || value === null) return plainResult([]);
  if (typeof value === 'string') return plainResult([block(value)]);
  if (isArray(value)) return plainResult(blocks(value, 'the result'));
  if (!isObject(value)) throw new TypeError(`a handler returns text, content blocks, {content} or {structured}; got ${show(value)}`);
  if (typeof value.type === 'string' && value.content === undefined) return plainResult(blocks([value], 'the result'));
  const structured = value.structured === undefined ? value.structuredContent : value.structured;
  if (value.content === undefined && structured === undefined) {
    throw new TypeError(`a handler returns text, content blocks, {content} or {structured}; got an object with ${show(Object.keys(value))}`);
  }
  return {
    content: value.content === undefined ? undefined : blocks(value.content, 'content'),
    structured,
    isError: value.isError === true,
    meta: value._meta,
  };
}

const plainResult = (list) => ({ content: list, structured: undefined, isError: false, meta: undefined });

const READ_RESULT = 'a resource handler returns text, bytes, {text}, {blob}, {contents} or undefined if there is none';

/** @returns the contents of a read, or undefined if the handler says there is no such resource */
export function readContents(value, uri, mimeType) {
  if (value === undefined || value === null) return undefined;
  const list = isObject(value) && value.contents !== undefined ? value.contents : value;
  if (!isArray(list)) return [one(list, uri, mimeType)];
  if (list.length === 0) return undefined; // MCP 2026-07-28: never an empty `contents`
  return list.map((item) => one(item, uri, mimeType));
}

function one(value, uri, mimeType) {
  const base = mimeType === undefined ? { uri } : { uri, mimeType };
  if (typeof value === 'string') return { ...base, text: value };
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return { ...base, blob: base64(value) };
  if (!isObject(value) || (typeof value.text !== 'string' && value.blob === undefined)) throw new TypeError(`${READ_RESULT}; got ${show(value)}`);
  const { ttlMs, cacheScope, ...item } = value;
  return { ...base, ...item, ...blobOf(item) };
}

export function promptMessages(value) {
  const list = isObject(value) && value.messages !== undefined ? value.messages : typeof value === 'string' ? [value] : value;
  if (!isArray(list)) throw new TypeError(`a prompt handler returns text, messages or {messages}; got ${show(value)}`);
  return list.map((item, index) => {
    if (typeof item === 'string') return { role: 'user', content: block(item) };
    const role = own(item ?? {}, 'role');
    if (role !== 'user' && role !== 'assistant') throw new TypeError(`messages[${index}].role must be "user" or "assistant", got ${show(role)}`);
    return { ...item, content: blocks([item.content], `messages[${index}].content`)[0] };
  });
}

const MAX_COMPLETIONS = 100; // MCP 2026-07-28, Completion: maxItems

export function completion(value) {
  const given = isArray(value) ? { values: value } : value;
  if (!isObject(given) || !isArray(given.values) || !given.values.every((one) => typeof one === 'string')) {
    throw new TypeError(`a completion returns an array of strings or {values, total, hasMore}; got ${show(value)}`);
  }
  const cut = given.values.length > MAX_COMPLETIONS;
  const values = cut ? given.values.slice(0, MAX_COMPLETIONS) : given.values;
  const total = Number.isInteger(given.total) ? given.total : given.values.length;
  return stringify({ values, total, hasMore: given.hasMore ?? (cut || total > values.length) });
}
