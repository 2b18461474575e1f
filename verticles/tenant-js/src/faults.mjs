import { hasOwn, isInteger, stringify } from './intrinsics.mjs';

/** JSON-RPC 2.0 §5.1 and MCP 2026-07-28, Basic › Error codes. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
export const MISSING_CAPABILITY = -32021;

/** An error that ends the request as a JSON-RPC error with exactly this code, message and data. */
export class ProtocolError extends Error {
  #brand;

  constructor(code, message, data) {
    if (!isInteger(code)) throw new TypeError(`mcp.error: code must be an integer, got ${show(code)}`);
    if (typeof message !== 'string') throw new TypeError(`mcp.error: message must be a string, got ${show(message)}`);
    super(message);
    this.name = 'ProtocolError';
    this.code = code;
    if (data !== undefined) this.data = data;
  }

  /** Cannot be satisfied by a look-alike, nor broken by a replaced `Symbol.hasInstance`. */
  static is(value) {
    return typeof value === 'object' && value !== null && #brand in value;
  }
}

export function missingCapability(required) {
  return new ProtocolError(MISSING_CAPABILITY, `the client did not declare a capability this needs: ${stringify(required)}`, {
    requiredCapabilities: required,
  });
}

/** The text a client may see of whatever was thrown: never a stack, never empty, and it never throws itself. */
export function messageOf(thrown) {
  try {
    if (typeof thrown === 'object' && thrown !== null) {
      if (typeof thrown.message === 'string' && thrown.message !== '') return thrown.message;
      if (typeof thrown.name === 'string' && thrown.name !== '') return thrown.name;
    }
    return `${typeof thrown === 'symbol' ? 'a symbol was thrown' : String(thrown)}`;
  } catch {
    return 'something that cannot be printed was thrown';
  }
}

/** What goes to the tenant's log of whatever was thrown. */
export function stackOf(thrown) {
  try {
    if (typeof thrown === 'object' && thrown !== null && typeof thrown.stack === 'string') return thrown.stack;
  } catch {
    // a hostile getter: the message has its own guard
  }
  return messageOf(thrown);
}

const SHOWN = 120;

/** A value as it may stand in an error message: JSON where it has one, cut to a readable length. */
export function show(value) {
  let text;
  try {
    text = stringify(value);
  } catch {
    text = undefined;
  }
  text ??= typeof value === 'function' ? 'a function' : String(typeof value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** Refuses options nobody reads: a misspelt one would otherwise be lost in silence. */
export function onlyKnown(what, options, known) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${what}: expected an object of options, got ${show(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (!hasOwn(known, key)) throw new TypeError(`${what}: unknown option "${key}"; known are ${Object.keys(known).join(', ')}`);
  }
}
