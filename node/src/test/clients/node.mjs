// The node under test: started once per process from the distribution, with the sample tenants, on free ports and an own data directory.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const SAMPLES = join(ROOT, 'verticles/samples')
/** The tenants of a node under test, each with its package. */
export const TENANTS = {
  'hello-java': join(SAMPLES, 'hello-java/target/hello-java.jar'),
  'hello-js': join(SAMPLES, 'hello-js'),
  'conformance-java': join(SAMPLES, 'conformance-java/target/conformance-java.jar'),
  'conformance-js': join(SAMPLES, 'conformance-js'),
  fixture: fileURLToPath(new URL('tenant', import.meta.url)),
}
const READY_WITHIN_MS = 60_000
const STOPS_WITHIN_MS = 30_000
const MOST_OUTPUT = 200_000

/**
 * Starts a node.
 *
 * @param {{ command?: string[], env?: Record<string, string>, readyWithin?: number, pageSize?: number }} [how]
 *     the program and its arguments, if not smcp dev with the tenants above; how long a page of a list is
 * @returns {Promise<Node>} once it has printed that it serves
 */
export async function startNode(how = {}) {
  const data = mkdtempSync(join(tmpdir(), 'smcp-clients-'))
  const [program, ...args] = how.command ?? [
    join(ROOT, 'scripts/smcp'),
    'dev',
    ...Object.entries(TENANTS).flatMap(([tenant, path]) => ['--tenant', `${tenant}=${path}`]),
  ]
  if (how.pageSize !== undefined) {
    const config = join(data, 'node.yaml')
    writeFileSync(config, `node:\n  pageSize: ${how.pageSize}\n`)
    args.push('--config', config)
  }
  const child = spawn(program, [...args, '--data', join(data, 'data'), '--port', '0', '--admin-port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...how.env },
  })
  const node = new Node(child, data)
  await node.ready(how.readyWithin ?? READY_WITHIN_MS)
  return node
}

export class Node {
  #child
  #data
  #output = ''
  #ended
  #kill = () => this.#child.kill('SIGKILL')

  constructor(child, data) {
    this.#child = child
    this.#data = data
    this.#ended = new Promise(resolve => {
      child.on('exit', (code, signal) => resolve({ code, signal }))
      child.on('error', cause => resolve({ cause }))
    })
    // whatever ends this process, the node does not outlive it
    process.on('exit', this.#kill)
  }

  /** Waits until the node has said everything of its welcome. */
  async ready(withinMs) {
    const welcomed = new Promise(resolve => {
      for (const stream of [this.#child.stdout, this.#child.stderr]) {
        createInterface({ input: stream }).on('line', line => {
          this.#output = (this.#output + line + '\n').slice(-MOST_OUTPUT)
          if (line.startsWith('Ctrl-C stops the node')) resolve()
        })
      }
    })
    let timer
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the node was not ready within ${withinMs} ms:\n${this.#output}`)), withinMs)
    })
    const ended = this.#ended.then(how => {
      throw new Error(`the node ended at its start, ${JSON.stringify(how)}:\n${this.#output}`)
    })
    try {
      await Promise.race([welcomed, late, ended])
    } catch (cause) {
      this.#kill()
      throw cause
    } finally {
      clearTimeout(timer)
    }
  }

  get pid() {
    return this.#child.pid
  }

  /** What it has printed, the last of it. */
  get output() {
    return this.#output
  }

  /** @returns {string} the value of a line of the welcome, such as "operator token" */
  said(what) {
    const line = this.#output.split('\n').find(line => line.startsWith(`  ${what} `))
    if (line === undefined) throw new Error(`the node did not print "${what}":\n${this.#output}`)
    return line.slice(what.length + 3).trim()
  }

  /** @returns {URL} of the MCP endpoint of a tenant */
  endpoint(tenant) {
    return new URL(this.said(`tenant ${tenant}`))
  }

  get operatorTokenFile() {
    return this.said('operator token').replace(/^in /, '')
  }

  /** A request to the control plane, as the operator; fails unless it succeeds. */
  async admin(method, path, body, headers = {}) {
    const json = body !== undefined && !(body instanceof Uint8Array)
    const answer = await fetch(this.said('control plane') + path, {
      method,
      headers: {
        authorization: `Bearer ${readFileSync(this.operatorTokenFile, 'utf8').trim()}`,
        ...(json ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: json ? JSON.stringify(body) : body,
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  /** Sends a signal and waits for the end. @returns {Promise<{code: number|null, signal: string|null, tookMs: number}>} */
  async stop(signal = 'SIGTERM') {
    const began = performance.now()
    const timer = setTimeout(this.#kill, STOPS_WITHIN_MS)
    this.#child.kill(signal)
    const how = await this.#ended
    clearTimeout(timer)
    process.off('exit', this.#kill)
    rmSync(this.#data, { recursive: true, force: true })
    return { ...how, tookMs: performance.now() - began }
  }
}

// a signal ends this process the usual way, so that the exit handlers above run
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.once(signal, () => process.exit(code))
}
