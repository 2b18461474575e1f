import { Exchange } from './exchange.mjs';
import { INTERNAL_ERROR, INVALID_REQUEST, PARSE_ERROR, ProtocolError, messageOf, show, stackOf } from './faults.mjs';
import { PrivateMap, PrivateSet, hasOwn, isObject, isSafeInteger, own, parse, stringify } from './intrinsics.mjs';
import { Link, MAX_LINE, exceedsLine } from './link.mjs';
import { loadTenant } from './load.mjs';
import { serve } from './methods.mjs';
import { TOOL, failure } from './results.mjs';
import { Tenant } from './tenant.mjs';

const MAX_UPDATES = 10_000;

/** Serves the requests of docs/guides/runner-protocol.md over one link. */
export class Server {
  #link;
  #log;
  #tenant;
  #instructions;
  #phase = 'new';
  #open = new PrivateMap();
  #changes = new PrivateSet();
  #endRound = (exchange) => this.#finishRound(exchange);

  /** @param log writes one text to the tenant's log */
  constructor({ input, output, log }) {
    this.#log = log;
    this.#tenant = new Tenant({ changed: (kind) => this.#changed(kind), updated: (uri) => this.#updated(uri) });
    this.#link = new Link({
      input,
      output,
      onLine: (line) => this.#line(line),
      onBadLine: (reason) => this.#refuse(undefined, PARSE_ERROR, reason),
      flushed: () => this.#changes.clear(),
    });
  }

  /** Sends what is answered already. */
  flush() {
    this.#link.flush();
  }

  #line(line) {
    let message;
    try {
      message = parse(line);
    } catch (error) {
      return this.#refuse(undefined, PARSE_ERROR, `a line is not JSON: ${error.message}`);
    }
    if (!isObject(message)) return this.#refuse(undefined, INVALID_REQUEST, 'a line is not a JSON-RPC object');
    const id = own(message, 'id');
    const method = own(message, 'method');
    const idText = typeof id === 'string' ? stringify(id) : isSafeInteger(id) ? `${id}` : undefined;
    if (typeof method !== 'string') return this.#noMethod(message, idText);
    const params = own(message, 'params') ?? {};
    if (!hasOwn(message, 'id')) return this.#notified(method, params);
    if (idText === undefined) return this.#refuse(undefined, INVALID_REQUEST, `id must be a string or an integer, got ${show(id)}`);
    if (!isObject(params)) return this.#refuse(idText, INVALID_REQUEST, 'params must be an object');
    if (this.#open.has(id)) return this.#refuse(idText, INVALID_REQUEST, `id ${show(id)} is already in flight`);
    this.#request(method, params, id, idText);
  }

  // An answer to a request nobody waits for any more is not worth a word; anything else without a method is malformed.
  #noMethod(message, idText) {
    if (hasOwn(message, 'result') || hasOwn(message, 'error')) return;
    this.#refuse(idText, INVALID_REQUEST, 'a message needs a method');
  }

  #notified(method, params) {
    if (method !== 'notifications/cancelled' || !isObject(params)) return;
    const exchange = this.#open.get(own(params, 'requestId'));
    if (exchange === undefined) return;
    this.#open.delete(exchange.id);
    const reason = own(params, 'reason');
    exchange.cancel(new Error(typeof reason === 'string' ? `cancelled: ${reason}` : 'cancelled'));
  }

  #request(method, params, id, idText) {
    if (method === 'smcp/start') return void this.#start(params, idText);
    if (this.#phase !== 'serving') return this.#refuse(idText, INVALID_REQUEST, `the tenant is not serving (${this.#phase}): send smcp/start and await its answer`);
    const exchange = new Exchange(this.#link, id, idText, params, method === 'completion/complete' ? undefined : this.#endRound);
    this.#open.set(id, exchange);
    try {
      exchange.checkParams();
      const work = serve(method, params, exchange, this.#tenant, this.#instructions);
      if (typeof work === 'string') this.#answer(exchange, work);
      else this.#run(exchange, work);
    } catch (error) {
      this.#throwProtocol(exchange, error);
    }
  }

  async #start(params, idText) {
    if (this.#phase !== 'new') return this.#refuse(idText, INVALID_REQUEST, `smcp/start was already asked (${this.#phase}): a process never changes its tenant`);
    this.#phase = 'starting';
    try {
      const instructions = own(params, 'instructions');
      if (instructions !== undefined && typeof instructions !== 'string') throw new TypeError(`params.instructions must be a text, got ${show(instructions)}`);
      this.#instructions = instructions;
      await loadTenant(params, this.#tenant);
      this.#phase = 'serving';
      this.#link.send(`{"jsonrpc":"2.0","id":${idText},"result":{"runner":"smcp-js/1"}}`);
    } catch (error) {
      this.#phase = 'failed';
      this.#log(`start failed: ${stackOf(error.cause ?? error)}\n`);
      this.#refuse(idText, INTERNAL_ERROR, messageOf(error));
    }
  }

  // Handlers that answer without waiting are answered without a promise: most small tools do.
  #run(exchange, { kind, subject, invoke }) {
    let value;
    try {
      value = invoke();
    } catch (error) {
      return this.#threw(exchange, kind, subject, error);
    }
    if (typeof value === 'object' && value !== null && typeof value.then === 'function') return void this.#await(exchange, kind, subject, value);
    this.#returned(exchange, kind, subject, value);
  }

  async #await(exchange, kind, subject, promise) {
    let value;
    try {
      value = await promise;
    } catch (error) {
      return this.#threw(exchange, kind, subject, error);
    }
    this.#returned(exchange, kind, subject, value);
  }

  #returned(exchange, kind, subject, value) {
    if (!exchange.isOpen) return;
    if (exchange.pendingRound !== undefined) return this.#finishRound(exchange);
    let text;
    try {
      text = kind.encode(value, subject, exchange);
    } catch (error) {
      return this.#threw(exchange, kind, subject, error);
    }
    this.#answer(exchange, text);
  }

  #threw(exchange, kind, subject, error) {
    if (!exchange.isOpen) return;
    if (exchange.pendingRound !== undefined) return this.#finishRound(exchange);
    if (ProtocolError.is(error)) return this.#throwProtocol(exchange, error);
    this.#log(`${kind.name(subject)} failed: ${stackOf(error)}\n`);
    if (kind === TOOL) return this.#answer(exchange, failure(messageOf(error)));
    this.#error(exchange, INTERNAL_ERROR, messageOf(error));
  }

  #throwProtocol(exchange, error) {
    if (!ProtocolError.is(error)) {
      this.#log(`a request failed: ${stackOf(error)}\n`);
      return this.#error(exchange, INTERNAL_ERROR, messageOf(error));
    }
    let data;
    try {
      data = stringify(error.data);
    } catch {
      this.#log(`the data of an error is not JSON: ${stackOf(error)}\n`);
    }
    this.#error(exchange, error.code, messageOf(error), data);
  }

  #finishRound(exchange) {
    if (!exchange.isOpen) return;
    let text;
    try {
      text = exchange.pendingRound.result();
    } catch (error) {
      this.#log(`input_required failed: ${stackOf(error)}\n`);
      return this.#error(exchange, INTERNAL_ERROR, messageOf(error));
    }
    const round = exchange.pendingRound.raise();
    this.#answer(exchange, text);
    exchange.cancel(round); // what a handler that swallowed the signal still does is for nobody
  }

  #answer(exchange, result) {
    if (!this.#close(exchange)) return;
    const text = `{"jsonrpc":"2.0","id":${exchange.idText},"result":${result}}`;
    if (exceedsLine(text)) {
      return this.#refuse(exchange.idText, INTERNAL_ERROR, `the result of ${Buffer.byteLength(text)} bytes exceeds the limit of ${MAX_LINE} bytes`);
    }
    if (!this.#link.hasRoom(text)) {
      return this.#refuse(exchange.idText, INTERNAL_ERROR, `the result of ${text.length} characters found the runner's output queue full`);
    }
    this.#link.send(text);
  }

  #error(exchange, code, message, data) {
    if (this.#close(exchange)) this.#refuse(exchange.idText, code, message, data);
  }

  #close(exchange) {
    if (!exchange.isOpen) return false;
    exchange.isOpen = false;
    this.#open.delete(exchange.id);
    return true;
  }

  #refuse(idText, code, message, data) {
    const id = idText === undefined ? '' : `"id":${idText},`;
    const error = `"code":${code},"message":${stringify(message)}`;
    let text = `{"jsonrpc":"2.0",${id}"error":{${error}${data === undefined ? '' : `,"data":${data}`}}}`;
    if (exceedsLine(text)) text = `{"jsonrpc":"2.0",${id}"error":{"code":${code},"message":"the error exceeds the limit of ${MAX_LINE} bytes"}}`;
    this.#link.send(text);
  }

  // Changes say "read again", so the second of two that leave in the same write adds nothing.
  #changed(kind) {
    if (this.#phase === 'serving') this.#once(`"notifications/${kind}/list_changed"`);
  }

  #updated(uri) {
    if (this.#phase === 'serving') this.#once(`"notifications/resources/updated","params":{"uri":${stringify(uri)}}`);
  }

  #once(text) {
    if (this.#changes.has(text)) return;
    if (this.#changes.size >= MAX_UPDATES) throw new RangeError(`more changes at once than the limit of ${MAX_UPDATES}`);
    this.#changes.add(text);
    this.#link.send(`{"jsonrpc":"2.0","method":${text}}`);
  }
}
