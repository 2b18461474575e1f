// scripts/run as a newcomer meets it: a fresh checkout, one command, the printed call, Ctrl-C.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ROOT, startNode } from './node.mjs'

const BUILD_WITHIN_MS = 600_000
const READY_WITHIN_S = 5
const SLACK = 2 // for machines that run other things beside
const STOPS_WITHIN_MS = 15_000

/** Every process, as {pid, parent, command}. */
const processes = () =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map(line => line.trim().match(/^(\d+) +(\d+) +(.*)$/))
    .filter(Boolean)
    .map(([, pid, parent, command]) => ({ pid: Number(pid), parent: Number(parent), command }))

function descendants(pid) {
  const all = processes()
  const found = []
  for (let generation = [pid]; generation.length > 0; ) {
    const children = all.filter(({ parent }) => generation.includes(parent))
    found.push(...children)
    generation = children.map(child => child.pid)
  }
  return found
}

/** A folder of links to programs, to be a PATH that lacks the others. */
function pathOf(folder, programs) {
  mkdirSync(folder)
  for (const program of programs) {
    const found = process.env.PATH.split(delimiter).map(part => join(part, program)).find(file => statSync(file, { throwIfNoEntry: false }))
    if (found) symlinkSync(found, join(folder, program))
  }
  return folder
}

const TOOLS = [
  'bash', 'sh', 'env', 'dirname', 'readlink', 'basename', 'sed', 'awk', 'grep', 'find', 'cmp', 'cp', 'mv', 'rm', 'mkdir', 'touch', 'tail', 'cat', 'uname', 'ls', 'expr', 'which',
]

describe('scripts/run in a fresh checkout', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smcp-fresh-'))
  const checkout = join(folder, 'smcp')
  const command = [join(checkout, 'scripts/run')]
  let node

  before(async () => {
    // what a clone has: files under version control as they are now, and nothing built
    const git = (...args) => execFileSync('git', ['-c', 'safe.directory=*', ...args], { cwd: ROOT, encoding: 'utf8' })
    for (const file of git('ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0')) {
      if (file === '' || !statSync(join(ROOT, file), { throwIfNoEntry: false })) continue
      mkdirSync(dirname(join(checkout, file)), { recursive: true })
      cpSync(join(ROOT, file), join(checkout, file))
    }
    node = await startNode({ command, readyWithin: BUILD_WITHIN_MS })
  })

  after(async () => {
    await node?.stop('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  test('says while it builds what it does', () => {
    assert.match(node.output, /building with Maven .* \d+ s/)
    assert.match(node.output, /fetching the JavaScript runner's library with npm \.\.\. \d+ s/)
  })

  test('serves both sample tenants', async () => {
    for (const tenant of ['hello-java', 'hello-js']) {
      const answer = await fetch(node.endpoint(tenant), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'server/discover',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'server/discover',
          params: {
            _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} },
          },
        }),
      })
      assert.equal(answer.status, 200)
      assert.ok((await answer.json()).result.supportedVersions.includes('2026-07-28'))
    }
  })

  test('prints a call that works as printed', () => {
    const line = node.output.split('\n').find(line => line.startsWith('  curl '))
    const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8', timeout: 20_000 })
    assert.equal(status, 0, stderr)
    assert.deepEqual(
      JSON.parse(stdout).result.tools.map(tool => tool.name),
      ['search', 'stocktake', 'order'],
    )
  })

  test('leaves the operator token in a file that only its owner reads', async () => {
    assert.equal(statSync(node.operatorTokenFile).mode & 0o777, 0o600)
    const { status } = await fetch(`${node.said('control plane')}/tenants`)
    assert.equal(status, 401)
    const tenants = await node.admin('GET', '/tenants')
    assert.match(JSON.stringify(tenants), /hello-java/)
  })

  test('says what is missing on this machine', () => {
    const box = process.env.PATH.split(delimiter).some(part => statSync(join(part, 'bwrap'), { throwIfNoEntry: false }))
    assert.equal(/missing here +bubblewrap: /.test(node.output), !box)
  })

  test('was ready soon after the build', t => {
    const seconds = Number(node.said('ready after').replace(/ s$/, ''))
    t.diagnostic(`ready after ${seconds} s`)
    assert.ok(seconds <= READY_WITHIN_S * SLACK, `ready after ${seconds} s, which should be ${READY_WITHIN_S} s`)
  })

  test('ends on Ctrl-C in time and leaves no process behind', async t => {
    const started = descendants(node.pid)
    const { code, signal, tookMs } = await node.stop('SIGINT')
    t.diagnostic(`ended after ${Math.round(tookMs)} ms with ${code ?? signal}`)
    assert.ok(tookMs <= STOPS_WITHIN_MS, `took ${tookMs} ms`)
    assert.ok(code === 0 || code === 130, `exit code ${code}, signal ${signal}`) // 130: ended by SIGINT, as a JVM says it
    const pids = started.map(({ pid }) => pid)
    assert.deepEqual(
      processes().filter(({ pid, command }) => pids.includes(pid) || command.includes(checkout)),
      [],
    )
  })

  test('builds again only when a source is newer', async () => {
    const again = await startNode({ command })
    await again.stop('SIGINT')
    assert.doesNotMatch(again.output, /building|fetching/)

    const source = join(checkout, 'node/src/main/resources/logback.xml')
    const soon = new Date(Date.now() + 5_000)
    utimesSync(source, soon, soon)
    const needed = spawnSync('bash', ['-c', 'root=$1; . "$1/scripts/lib/build.sh"; smcp_build_needed', '-', checkout])
    assert.equal(needed.status, 0)
    const built = join(checkout, 'node/target/dist/.built')
    utimesSync(built, new Date(Date.now() + 10_000), new Date(Date.now() + 10_000))
  })

  test('runs the Java tenant where there is no Node.js, and says what that switches off', async () => {
    const PATH = pathOf(join(folder, 'no-node'), [...TOOLS, 'java', 'mvn'])
    const lone = await startNode({ command, env: { PATH } })
    await lone.stop('SIGINT')
    assert.match(lone.output, /missing here: Node\.js: JavaScript tenants are off/)
    assert.match(lone.output, /tenant hello-java +http:/)
    assert.doesNotMatch(lone.output, /NOT SERVED/)
  })

  test('says how to get a JDK where there is none', () => {
    const PATH = pathOf(join(folder, 'no-java'), TOOLS)
    // finds nothing in the usual places: they are looked for by a copy that looks elsewhere
    const elsewhere = join(folder, 'elsewhere')
    cpSync(join(checkout, 'scripts'), join(elsewhere, 'scripts'), { recursive: true })
    const java = join(elsewhere, 'scripts/lib/java.sh')
    execFileSync('sed', ['-i', 's#/usr/lib/jvm/#/nowhere/jvm/#g; s#/usr/java/#/nowhere/java/#g; s#/opt/#/nowhere/opt/#g', java])
    const { status, stderr } = spawnSync(join(elsewhere, 'scripts/run'), [], {
      encoding: 'utf8',
      env: { PATH, HOME: folder },
    })
    assert.equal(status, 1)
    assert.match(stderr, /SMCP needs a Java 25 or newer/)
    assert.match(stderr, /adoptium\.net/)
  })

  test('has help, and passes options on', () => {
    const { status, stdout } = spawnSync(command[0], ['--help'], { encoding: 'utf8' })
    assert.equal(status, 0)
    assert.match(stdout, /--admin-port/)
  })

  test('is executable in the repository, like every script', () => {
    for (const file of readdirSync(join(ROOT, 'scripts'), { withFileTypes: true }).filter(entry => entry.isFile())) {
      assert.ok(statSync(join(ROOT, 'scripts', file.name)).mode & 0o100, file.name)
      assert.match(readFileSync(join(ROOT, 'scripts', file.name), 'utf8'), /^#!/)
    }
  })
})

describe('scripts/crash and scripts/bench stores', () => {
  const STORES = ['sqlite', 'redis', 'files', 's3']
  const run = (script, ...words) => spawnSync(join(ROOT, 'scripts', script), words, { encoding: 'utf8', timeout: 20_000 })

  /** Before anything is built, in one line, with what there is instead. */
  function refuses({ status, stdout, stderr }, ...says) {
    assert.equal(status, 2, stdout + stderr)
    assert.equal(stdout, '')
    assert.equal(stderr.trim().split('\n').length, 1, stderr)
    for (const words of says) assert.ok(stderr.includes(words), `${words} is not in: ${stderr}`)
  }

  test('scripts/crash --help names every store and option', () => {
    for (const help of ['--help', '-h']) {
      const { status, stdout, stderr } = run('crash', help)
      assert.equal(status, 0, stderr)
      assert.match(stdout, /^Usage: scripts\/crash /)
      for (const word of [...STORES, '--store', '--kills', '--seed']) assert.ok(stdout.includes(word), word)
    }
  })

  test('scripts/crash refuses a store that there is not', () => {
    for (const words of [['oracle'], ['--store', 'oracle'], ['sqlite', 'oracle=3']])
      refuses(run('crash', ...words), 'must be one of sqlite redis files s3', `got "${words.at(-1)}"`)
    refuses(run('crash', '--store'), 'got ""')
    refuses(run('crash', ''), 'got ""')
  })

  test('scripts/crash refuses a number of kills that is none', () => {
    for (const word of ['sqlite=', 'sqlite=0', 'sqlite=-1', 'sqlite=many', 'sqlite=1 2', 'sqlite=9999999999'])
      refuses(run('crash', word), `got "${word}"`)
    for (const option of ['--kills', '--seed'])
      for (const value of ['0', '-1', 'many', '1e3', '9999999999'])
        refuses(run('crash', option, value), `${option} takes a number from 1 to 999999999, got "${value}"`)
    refuses(run('crash', '--kills'), 'got ""')
  })

  test('scripts/crash refuses an option that it does not know', () => {
    refuses(run('crash', '--quick'), 'unknown option --quick', '--help')
  })

  test('scripts/bench stores --help names every store and option', () => {
    for (const help of ['--help', '-h']) {
      const { status, stdout, stderr } = run('bench', 'stores', help)
      assert.equal(status, 0, stderr)
      assert.match(stdout, /^Usage: scripts\/bench stores /)
      for (const word of [...STORES, 'audit', '--store', '--quick', '--rounds', '--seconds', '--warm-up', '--report'])
        assert.ok(stdout.includes(word), word)
    }
  })

  test('scripts/bench stores refuses a store that there is not', () => {
    refuses(run('bench', 'stores', '--store', 'oracle'), '--store takes one of sqlite redis files s3 audit', 'got "oracle"')
    refuses(run('bench', 'stores', '--store', ''), 'got ""')
    refuses(run('bench', 'stores', '--store'), 'got ""')
  })

  test('scripts/bench stores refuses a number beyond its bounds', () => {
    for (const [option, most] of [['--rounds', 100], ['--seconds', 600], ['--warm-up', 600]])
      for (const value of ['0', '-1', 'many', String(most + 1)])
        refuses(run('bench', 'stores', option, value), `${option} takes a number from 1 to ${most}, got "${value}"`)
    refuses(run('bench', 'stores', '--rounds'), 'got ""')
  })

  test('scripts/bench stores writes no report into another folder', () => {
    for (const name of ['../stores', 'a/b', '-x', ''])
      refuses(run('bench', 'stores', '--report', name), '--report takes a file name without a folder', `got "${name}"`)
  })

  test('scripts/bench stores refuses an option that it does not know', () => {
    for (const word of ['--peers', 'sqlite']) refuses(run('bench', 'stores', word), `unknown argument "${word}"`, '--help')
  })
})
