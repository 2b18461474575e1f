#!/usr/bin/env node
// The process a JS tenant lives in: docs/guides/runner-protocol.md is its contract. Started without arguments; the order below matters.

import './src/intrinsics.mjs'; // first, so that nothing can have changed them
import './src/signals.mjs'; // before what takes time to load
import { Server } from './src/server.mjs';
import { stackOf } from './src/faults.mjs';
import { validator } from './src/schema.mjs';
import { takeLink } from './src/stdio.mjs';

// Without exit handlers: tenant code could hang in them.
const leave = process.reallyExit.bind(process);
const stderr = process.stderr;
const log = stderr.write.bind(stderr);

const link = takeLink();
setTimeout(validator, 50).unref(); // a runner that waits in a pool may as well be ready; one that was started for a tenant must not be held up
const server = new Server({ ...link, log });

// The platform is gone. While tenant code keeps the event loop busy nobody gets here; then it is the engine that ends the process.
link.input.on('end', () => leave(0));
link.input.on('error', () => leave(0));
link.output.on('error', () => leave(0));

// A rejection nobody handled is a lost result, not a broken process: it is logged and the other calls go on.
process.on('unhandledRejection', (reason) => log(`unhandled rejection: ${stackOf(reason)}\n`));

// An exception that reached the event loop (thrown in a timer, an event handler) leaves the tenant's state unknown, and Node's manual
// asks not to resume. What is answered already is sent; the platform fails what was in flight and starts the tenant again.
process.on('uncaughtException', (error) => {
  log(`uncaught exception, the tenant ends: ${stackOf(error)}\n`);
  server.flush();
  leave(70); // EX_SOFTWARE
});
