import { show } from './faults.mjs';

const MAX_EXPRESSIONS = 16;
const MAX_URI = 8192;

/**
 * The part of RFC 6570 that can be matched backwards without guessing, in linear time:
 *
 * - `{name}`: one or more characters except `/`, `?`, `#` (simple expansion, §3.2.2), percent-decoded
 * - `{name*}`: the same, split at commas into a list (explode, §2.4.2)
 * - `{+name}`: one or more characters of any kind (reserved expansion, §3.2.3); at most one in a template
 *
 * Everything else is refused, and so are two expressions without text between them. What stands before `{+name}` is matched from
 * the left, what stands behind it from the right; where several readings are possible the leftmost one is taken.
 */
export class UriTemplate {
  #literals = [];
  #variables = [];
  #wide;

  constructor(text) {
    if (typeof text !== 'string' || text === '') throw new TypeError(`expected a URI template, got ${show(text)}`);
    this.text = text;
    let from = 0;
    for (const match of text.matchAll(/\{([^{}]*)\}/g)) {
      this.#literals.push(literal(text.slice(from, match.index)));
      this.#variables.push(expression(match[1]));
      from = match.index + match[0].length;
    }
    this.#literals.push(literal(text.slice(from)));
    this.names = this.#variables.map(({ name }) => name);
    this.#check();
    this.#wide = this.#variables.findIndex(({ kind }) => kind === '+');
  }

  #check() {
    const count = this.#variables.length;
    if (count === 0) throw new TypeError('a URI template needs at least one {variable}; for a fixed URI use mcp.resource');
    if (count > MAX_EXPRESSIONS) throw new TypeError(`${count} variables exceed the limit of ${MAX_EXPRESSIONS}`);
    if (new Set(this.names).size < count) throw new TypeError('a variable stands in it twice');
    if (this.#variables.filter(({ kind }) => kind === '+').length > 1) throw new TypeError('more than one {+variable} cannot be told apart');
    if (this.#literals.slice(1, -1).includes('')) throw new TypeError('two variables need some text between them');
  }

  /** The variables of a URI that fits, else undefined. Values may hold anything after decoding, `../` included. */
  match(uri) {
    const last = this.#literals.length - 1;
    if (uri.length > MAX_URI || !uri.startsWith(this.#literals[0])) return undefined;
    const values = [];
    let from = this.#literals[0].length;
    let to = uri.length;
    const leftEnd = this.#wide < 0 ? this.#variables.length : this.#wide;
    for (let i = 0; i < leftEnd; i++) {
      const literal = this.#literals[i + 1];
      const cut = i + 1 === last ? anchored(uri, literal) : uri.indexOf(literal, from + 1);
      if (cut <= from) return undefined;
      values[i] = uri.slice(from, cut);
      from = cut + literal.length;
    }
    if (this.#wide < 0) return from === uri.length ? this.#decode(values) : undefined;
    for (let i = this.#variables.length - 1; i >= this.#wide; i--) {
      const literal = this.#literals[i + 1];
      const end = i + 1 === last ? anchored(uri, literal) : to;
      const begin = i === this.#wide ? from : uri.lastIndexOf(this.#literals[i], end - 1 - this.#literals[i].length) + this.#literals[i].length;
      if (end <= begin || begin < from || (i !== this.#wide && begin - this.#literals[i].length <= from)) return undefined;
      values[i] = uri.slice(begin, end);
      to = begin - this.#literals[i].length;
    }
    return this.#decode(values);
  }

  #decode(values) {
    const variables = {};
    for (let i = 0; i < values.length; i++) {
      const { name, kind } = this.#variables[i];
      if (kind !== '+' && /[/?#]/.test(values[i])) return undefined;
      try {
        variables[name] = kind === '*' ? values[i].split(',').map(decodeURIComponent) : decodeURIComponent(values[i]);
      } catch {
        return undefined; // broken percent-encoding names no resource
      }
    }
    return variables;
  }
}

/** Where a closing literal begins if the URI ends with it, else -1. */
function anchored(uri, literal) {
  return uri.endsWith(literal) ? uri.length - literal.length : -1;
}

function literal(text) {
  if (/[{}]/.test(text)) throw new TypeError('a brace is not closed or not opened');
  return text;
}

function expression(text) {
  const match = /^(\+?)([A-Za-z_][A-Za-z0-9_]*)(\*?)$/.exec(text);
  if (!match || (match[1] && match[3]) || match[2] === '__proto__') {
    throw new TypeError(`{${text}} is not supported; use {name}, {name*} or {+name}`);
  }
  return { name: match[2], kind: match[1] || match[3] };
}
