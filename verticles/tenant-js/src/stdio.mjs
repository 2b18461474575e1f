import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Takes the link away from tenant code. The pipes are opened a second time and descriptors 0 and 1 are given to /dev/null and stderr,
 * so that even `fs.writeSync(1, …)` and child processes that inherit descriptors cannot write into the link or read from it.
 * Where /proc does not allow that (not mounted, another user's pipe, a socket), the descriptors stay and only `process.stdout`,
 * `process.stdin` and with them `console` are taken away.
 */
export function takeLink() {
  const input = open(0, '/dev/null', constants.O_RDONLY, (fd) => new Socket({ fd, readable: true, writable: false }), 'stdin');
  const output = open(1, '/proc/self/fd/2', constants.O_WRONLY | constants.O_APPEND, (fd) => new Socket({ fd, readable: false, writable: true }), 'stdout');
  redirect('stdin', emptyInput);
  redirect('stdout', () => process.stderr);
  return { input, output };
}

function open(fd, replacement, flags, connect, name) {
  const kind = fstatSync(fd);
  if (kind.isFIFO()) return connect(reopen(fd, replacement, flags));
  return kind.isSocket() ? connect(fd) : process[name]; // a file or a terminal: somebody tries the runner by hand
}

/** Another descriptor for the same pipe, its old number given to `replacement`; the old one if that cannot be done. */
function reopen(fd, replacement, flags) {
  let copy;
  try {
    copy = openSync(`/proc/self/fd/${fd}`, (flags & constants.O_WRONLY) | constants.O_NONBLOCK);
  } catch {
    return fd;
  }
  closeSync(fd);
  try {
    openSync(replacement, flags); // POSIX: gets the lowest free number, the one just closed
  } catch {
    openSync('/dev/null', flags); // stderr is a socket, which cannot be opened again
  }
  return copy;
}

function redirect(name, make) {
  let stream;
  const get = () => (stream ??= make());
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get });
}

function emptyInput() {
  const input = new Socket();
  input.push(null);
  return input;
}
