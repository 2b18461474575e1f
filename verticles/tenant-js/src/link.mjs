import { isAscii, isUtf8 } from 'node:buffer';
import { byteLength, indexOf, setImmediate, substring } from './intrinsics.mjs';

const NEWLINE = 10;

/** Longest line in either direction, in bytes, without its newline (docs/guides/runner-protocol.md, Framing). */
export const MAX_LINE = 16 * 1024 * 1024;

/** Above this much unwritten output no more input is read, and notifications that may be lost are. */
export const QUEUE_SOFT = 1024 * 1024;

/** Above this much unwritten output an answer is replaced by an error that says so. Room for a longest line and its neighbours. */
export const QUEUE_HARD = 2 * MAX_LINE;

/**
 * Newline-delimited text over two streams. Input is cut into lines, many to a chunk; output is gathered and written once a turn
 * of the event loop, with one write under way at a time, so that a reader slower than we are gets larger writes, not more of them.
 *
 * At the bound: beyond {@link QUEUE_SOFT} characters waiting, reading stops until the reader has caught up (no new calls, so the
 * queue grows only by the answers of calls already accepted) and {@link Link#offer} declines; beyond {@link QUEUE_HARD},
 * {@link Link#hasRoom} is false and the caller sends a short error in place of its answer. Every call is still answered once.
 */
export class Link {
  #input;
  #output;
  #onLine;
  #onBadLine;
  #partial = [];
  #partialBytes = 0;
  #skipping = false;
  #pending = '';
  #writing = 0;
  #scheduled = false;
  #paused = false;
  #flush = () => this.#write();
  #written = () => this.#wrote();
  #flushed;

  /**
   * @param onLine called with the text of each line
   * @param onBadLine called with the reason for each line that is no text at all: too long, or not UTF-8
   * @param flushed called when everything gathered so far has been handed to the stream
   */
  constructor({ input, output, onLine, onBadLine, flushed }) {
    this.#input = input;
    this.#output = output;
    this.#onLine = onLine;
    this.#onBadLine = onBadLine;
    this.#flushed = flushed;
    input.on('data', (chunk) => this.#read(chunk));
  }

  /** Characters waiting to be written; close enough to bytes for a bound. */
  get queued() {
    return this.#pending.length + this.#writing;
  }

  hasRoom(text) {
    return this.queued + text.length <= QUEUE_HARD;
  }

  /** Queues one message. */
  send(text) {
    this.#pending += text;
    this.#pending += '\n';
    if (!this.#scheduled && this.#writing === 0) {
      this.#scheduled = true;
      setImmediate(this.#flush);
    }
    if (!this.#paused && this.#pending.length > QUEUE_SOFT) {
      this.#paused = true;
      this.#input.pause();
    }
  }

  /** Queues one message that may be lost, unless the reader is behind. */
  offer(text) {
    if (this.queued > QUEUE_SOFT) return false;
    this.send(text);
    return true;
  }

  /** Hands over what is gathered without waiting for the end of the turn: for the last words before an exit. */
  flush() {
    if (this.#pending !== '') this.#output.write(this.#pending);
    this.#pending = '';
  }

  #write() {
    this.#scheduled = false;
    if (this.#writing !== 0 || this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.#writing = text.length;
    this.#flushed();
    this.#output.write(text, 'utf8', this.#written);
  }

  #wrote() {
    this.#writing = 0;
    if (this.#pending !== '') this.#write();
    if (this.#paused && this.queued <= QUEUE_SOFT) {
      this.#paused = false;
      this.#input.resume();
    }
  }

  #read(chunk) {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last < 0) return this.#keep(chunk);
    let block = chunk;
    let end = last;
    if (this.#partialBytes > 0 || this.#skipping) {
      const first = chunk.indexOf(NEWLINE);
      this.#keep(chunk.subarray(0, first));
      this.#finishPartial();
      if (first === last) {
        if (last + 1 < chunk.length) this.#keep(chunk.subarray(last + 1));
        return;
      }
      block = chunk.subarray(first + 1);
      end = last - first - 1;
    }
    this.#lines(block.subarray(0, end));
    if (end + 1 < block.length) this.#keep(block.subarray(end + 1));
  }

  #keep(piece) {
    if (this.#skipping) return;
    if (this.#partialBytes + piece.length > MAX_LINE) {
      this.#skipping = true;
      this.#partial = [];
      this.#partialBytes = 0;
      return;
    }
    this.#partial[this.#partial.length] = piece;
    this.#partialBytes += piece.length;
  }

  #finishPartial() {
    if (this.#skipping) {
      this.#skipping = false;
      return this.#onBadLine(`a line is longer than the limit of ${MAX_LINE} bytes`);
    }
    const line = this.#partial.length === 1 ? this.#partial[0] : Buffer.concat(this.#partial, this.#partialBytes);
    this.#partial = [];
    this.#partialBytes = 0;
    this.#lines(line);
  }

  // One decoding for all lines of a chunk: several times cheaper than one each.
  #lines(block) {
    if (isAscii(block)) return this.#split(block.latin1Slice(0, block.length));
    if (isUtf8(block)) return this.#split(block.utf8Slice(0, block.length));
    let from = 0;
    while (from <= block.length) {
      let to = block.indexOf(NEWLINE, from);
      if (to < 0) to = block.length;
      const line = block.subarray(from, to);
      if (isUtf8(line)) this.#onLine(line.utf8Slice(0, line.length));
      else this.#onBadLine('a line is not UTF-8');
      from = to + 1;
    }
  }

  #split(text) {
    let from = 0;
    for (;;) {
      const to = indexOf(text, '\n', from);
      if (to < 0) break;
      this.#onLine(substring(text, from, to));
      from = to + 1;
    }
    this.#onLine(from === 0 ? text : substring(text, from));
  }
}

/** UTF-8 length, measured only when it could matter. */
export function exceedsLine(text) {
  return text.length > MAX_LINE || (text.length * 3 > MAX_LINE && byteLength(text) > MAX_LINE);
}
