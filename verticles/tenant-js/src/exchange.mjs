import { INVALID_PARAMS, ProtocolError, messageOf, show } from './faults.mjs';
import { AbortSignals, isFinite, isObject, own, setImmediate, stringify } from './intrinsics.mjs';
import { Rounds } from './rounds.mjs';

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
const EMPTY = Object.freeze({});

/**
 * One request being served: its identity on the link, what it may send while it lasts, and how it ended. Everything costs nothing until used:
 * most calls need neither a signal, nor progress, nor a second round.
 */
export class Exchange {
  #link;
  #controller = undefined;
  #cancelled = undefined;
  #rounds = undefined;
  #progress = -Infinity;
  #endRound;
  isOpen = true;

  /**
   * @param idText the request's id as JSON
   * @param endRound called at the end of the turn in which the handler asked the client something
   */
  constructor(link, id, idText, params, endRound) {
    this.#link = link;
    this.id = id;
    this.idText = idText;
    this.params = params;
    const meta = own(params, '_meta');
    this.meta = isObject(meta) ? meta : EMPTY;
    this.#endRound = endRound;
  }

  metaValue(key) {
    return own(this.meta, `io.modelcontextprotocol/${key}`);
  }

  get capabilities() {
    const capabilities = this.metaValue('clientCapabilities');
    return isObject(capabilities) ? capabilities : EMPTY;
  }

  get wantsProgress() {
    return own(this.meta, 'progressToken') !== undefined;
  }

  get signal() {
    this.#controller ??= new AbortSignals();
    if (this.#cancelled !== undefined && !this.#controller.signal.aborted) this.#controller.abort(this.#cancelled);
    return this.#controller.signal;
  }

  /** Closes the exchange without an answer and tells the handler. */
  cancel(reason) {
    this.isOpen = false;
    this.#cancelled = reason;
    this.#controller?.abort(reason);
  }

  /** MCP 2026-07-28, Progress: only for requests with a token, strictly growing, nothing after the answer. */
  progress(progress, total, message) {
    if (!isFinite(progress)) throw new TypeError(`progress must be a finite number, got ${show(progress)}`);
    if (!this.isOpen || !this.wantsProgress || progress <= this.#progress) return;
    let text = `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${this.idText},"progress":${progress}`;
    if (isFinite(total)) text += `,"total":${total}`;
    if (typeof message === 'string') text += `,"message":${stringify(message)}`;
    if (this.#link.offer(`${text}}}`)) this.#progress = progress;
  }

  /** MCP 2026-07-28, Logging: only what the request asked for. */
  log(level, data, logger) {
    const rank = LEVELS.indexOf(level);
    if (rank < 0) throw new TypeError(`log: level must be one of ${LEVELS.join(', ')}, got ${show(level)}`);
    const wanted = LEVELS.indexOf(this.metaValue('logLevel'));
    if (!this.isOpen || wanted < 0 || rank < wanted) return;
    let params = `"level":"${level}"`;
    if (typeof logger === 'string') params += `,"logger":${stringify(logger)}`;
    params += `,"data":${logged(data)},"_meta":{"smcp/call":${this.idText}}`;
    this.#link.offer(`{"jsonrpc":"2.0","method":"notifications/message","params":{${params}}}`);
  }

  closeStream(retryMs) {
    if (!Number.isInteger(retryMs) || retryMs < 0) throw new TypeError(`closeStream: retryMs must be an integer of at least 0, got ${show(retryMs)}`);
    if (!this.isOpen) return;
    const params = `{"_meta":{"smcp/call":${this.idText}},"retryMs":${retryMs}}`;
    this.#link.send(`{"jsonrpc":"2.0","method":"notifications/smcp/closeStream","params":${params}}`);
  }

  /** Refuses a malformed request before the handler runs. */
  checkParams() {
    const level = this.metaValue('logLevel');
    if (level !== undefined && LEVELS.indexOf(level) < 0) {
      throw new ProtocolError(INVALID_PARAMS, `io.modelcontextprotocol/logLevel must be one of ${LEVELS.join(', ')}, got ${show(level)}`);
    }
    if (this.isRetried) void this.rounds;
  }

  get isRetried() {
    return own(this.params, 'requestState') !== undefined || own(this.params, 'inputResponses') !== undefined;
  }

  get rounds() {
    if (this.#endRound === undefined) throw new TypeError('a completion cannot ask the client');
    this.#rounds ??= new Rounds(this.params, this.capabilities);
    return this.#rounds;
  }

  /** Answers by key, or ends the round. Questions asked in the same turn go out together. */
  ask(questions) {
    const { rounds } = this;
    if (rounds.isRaised && !this.isOpen) throw rounds.raise();
    const answers = {};
    let missing = false;
    for (const key of Object.keys(questions)) {
      const answer = rounds.answer(key, questions[key]);
      if (answer === undefined) missing = true;
      else answers[key] = answer;
    }
    if (missing) throw this.#raised(rounds, rounds.raise());
    return answers;
  }

  askRaw(options) {
    const { rounds } = this;
    throw this.#raised(rounds, rounds.raiseRaw(isObject(options) ? options : {}));
  }

  // A handler may swallow the signal and never settle: the round ends with this turn all the same.
  #raised(rounds, signal) {
    if (this.isOpen) setImmediate(this.#endRound, this);
    return signal;
  }

  /** The `input_required` result if this call has asked something, else undefined. */
  get pendingRound() {
    return this.#rounds?.isRaised ? this.#rounds : undefined;
  }
}

function logged(data) {
  let text;
  try {
    text = stringify(data);
  } catch (error) {
    throw new TypeError(`log: data is not JSON: ${messageOf(error)}`);
  }
  return text ?? 'null';
}
