// Runs the official MCP conformance suite against a node with the Java and the JavaScript conformance tenant:
// the requirement set of each revision, without an expected-failures file, and then every other server scenario by name
// at each revision it applies to, except those in conformance-not-yet.txt. Warnings count as failures unless listed
// with a reason in conformance-warnings.txt. The last line is "N passed, N failed, N skipped", counted in checks.

import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { ROOT, startNode } from './node.mjs'

const SUITE = new URL('node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url).pathname
const REVISIONS = ['2026-07-28', '2025-11-25']
const TENANTS = ['conformance-java', 'conformance-js']
const RESULTS = join(ROOT, 'target/conformance')
const RUN_WITHIN_MS = 300_000

const { values: only } = parseArgs({
  options: { tenant: { type: 'string' }, revision: { type: 'string' }, scenario: { type: 'string' }, url: { type: 'string' } },
})

const run = promisify(execFile)
const suite = async (...args) => {
  const options = { timeout: RUN_WITHIN_MS, maxBuffer: 64 << 20 }
  try {
    const { stdout, stderr } = await run(process.execPath, [SUITE, ...args], options)
    return { code: 0, output: stdout + stderr }
  } catch (cause) {
    return { code: cause.code ?? cause.signal ?? 'no exit code', output: `${cause.stdout ?? ''}${cause.stderr ?? ''}` }
  }
}

/** Names of a list file, with the reason after "#". */
const listed = file =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('#'))
    .map(line => {
      const [name, reason = ''] = line.split('#').map(part => part.trim())
      if (reason === '') throw new Error(`${file}: "${name}" has no reason`)
      return { name, reason, used: false }
    })

const matches = ({ name }, scenario) => (name.endsWith('*') ? scenario.startsWith(name.slice(0, -1)) : scenario === name)

/** Every server scenario of the suite with the revisions it applies to: "  - ping [2025-06-18,2025-11-25]". */
async function scenarios() {
  const { output } = await suite('list', '--server')
  const found = [...output.matchAll(/^ +- (\S+) \[([^\]]*)\]$/gm)].map(([, name, revisions]) => ({
    name,
    revisions: revisions.split(','),
  }))
  if (found.length === 0) throw new Error(`the suite listed no scenario:\n${output}`)
  return found
}

/** The checks of every scenario that left a result in a folder. */
function checks(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.name === 'checks.json')
    .map(entry => ({
      scenario: entry.parentPath.split('/').at(-1).replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T.*$/, ''),
      checks: JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')),
    }))
}

const notYet = listed('conformance-not-yet.txt')
const warnings = listed('conformance-warnings.txt')
const total = { SUCCESS: 0, FAILURE: 0, WARNING: 0, SKIPPED: 0, INFO: 0 }
const bad = []

/** Runs the suite once and adds up; what went wrong goes to `bad`. */
async function judge(title, folder, args) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const began = performance.now()
  const { code, output } = await suite('server', ...args, '-o', folder)
  const here = { SUCCESS: 0, FAILURE: 0, WARNING: 0, SKIPPED: 0, INFO: 0 }
  const problems = []
  // a requirement set also runs what it does not score; what it does score decides its exit code, whatever a list here says
  const results = checks(folder).filter(({ scenario }) => !notYet.some(entry => matches(entry, scenario)))
  for (const { scenario, checks } of results) {
    for (const check of checks) {
      here[check.status] = (here[check.status] ?? 0) + 1
      const excuse = check.status === 'WARNING' && warnings.find(one => one.name === `${scenario}/${check.id}`)
      if (excuse) excuse.used = true
      else if (check.status === 'FAILURE' || check.status === 'WARNING') {
        problems.push(`${scenario}/${check.id} ${check.status}: ${check.errorMessage ?? check.description}\n${JSON.stringify(check.details ?? {}, null, 2)}`)
      }
    }
  }
  if (code !== 0 && problems.length === 0) problems.push(`the suite ended with ${code}:\n${output}`)
  if (results.length === 0) problems.push(`the suite ran no scenario:\n${output}`)
  for (const status in here) total[status] += here[status]
  const took = ((performance.now() - began) / 1000).toFixed(1)
  console.log(
    `${problems.length === 0 ? 'ok    ' : 'FAILED'} ${title}: ${results.length} scenarios, ${here.SUCCESS} checks passed, ` +
      `${here.FAILURE} failed, ${here.WARNING} warnings, ${here.SKIPPED} not applicable, ${took} s`,
  )
  for (const problem of problems) {
    bad.push(`${title}: ${problem}`)
    console.log(problem.replace(/^/gm, '    '))
  }
  return results.map(result => result.scenario)
}

/** One tenant at one revision: the requirement set, then by name what it did not run. */
async function revision(url, tenant, revision, all) {
  const folder = join(RESULTS, tenant, revision)
  const at = `${tenant} ${revision}`
  const known = only.scenario
    ? []
    : await judge(`${at} requirements`, join(folder, 'requirements'), ['--url', url, '--requirements', revision])
  const rest = all.filter(
    ({ name, revisions }) =>
      (only.scenario ? name === only.scenario : !known.includes(name)) &&
      revisions.includes(revision) &&
      !notYet.some(entry => matches(entry, name)),
  )
  for (const { name } of rest) {
    await judge(`${at} ${name}`, join(folder, name), ['--url', url, '--scenario', name, '--spec-version', revision])
  }
}

const all = await scenarios()
for (const entry of notYet) {
  const names = all.filter(({ name }) => matches(entry, name)).map(({ name }) => name)
  if (names.length === 0) bad.push(`conformance-not-yet.txt: "${entry.name}" is no scenario of the suite`)
  console.log(`not run: ${names.length} scenarios of ${entry.name}, because ${entry.reason}: ${names.join(' ')}`)
}
const node = only.url ? undefined : await startNode()
try {
  // the suite's scenarios run one after the other; two runs at a time keep two cores busy, each on a tenant of its own
  const jobs = TENANTS.filter(tenant => !only.tenant || tenant === only.tenant).map(async tenant => {
    const url = only.url ?? node.endpoint(tenant).href
    for (const one of REVISIONS.filter(it => !only.revision || it === only.revision)) await revision(url, tenant, one, all)
  })
  await Promise.all(jobs)
} finally {
  await node?.stop()
}

const whole = Object.keys(only).length === 0
for (const entry of warnings.filter(entry => whole && !entry.used)) {
  bad.push(`conformance-warnings.txt: ${entry.name} did not warn`)
}
console.log()
bad.forEach(problem => console.log(`FAILED ${problem.split('\n')[0]}`))
console.log(`warnings: ${total.WARNING}, of which ${warnings.filter(entry => entry.used).length} kinds are listed with a reason; for information: ${total.INFO}`)
console.log(`${total.SUCCESS} passed, ${bad.length} failed, ${total.SKIPPED} skipped`)
process.exitCode = bad.length === 0 ? 0 : 1
