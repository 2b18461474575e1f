// The official TypeScript SDK client v2 (revision 2026-07-28, stateless; and the session era where it is pinned) against a node.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { promised, until, within } from './awaited.mjs'
import { startNode } from './node.mjs'

const MODERN = '2026-07-28'
const LEGACY = '2025-11-25'
const CAPABILITIES = { elicitation: {}, sampling: {}, roots: { listChanged: true } }
const text = result => result.content[0].text

let node
before(async () => (node = await startNode({ pageSize: 3 })))
after(() => node?.stop())

/** Runs `use` with a connected client, and closes it whatever happens. */
async function connected(url, use, { mode = 'auto', capabilities = CAPABILITIES, ...options } = {}) {
  const transport = new StreamableHTTPClientTransport(url)
  const client = new Client({ name: 'v2', version: '1.0.0' }, { capabilities, versionNegotiation: { mode }, ...options })
  try {
    await within('the connection', client.connect(transport))
    return await use(client, transport)
  } finally {
    await client.close()
  }
}

function answering(client) {
  const asked = []
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params.message)
    return { action: 'accept', content: { name: 'Ada', color: 'green', context: 'a test', ok: true } }
  })
  client.setRequestHandler('sampling/createMessage', () => ({
    model: 'none',
    role: 'assistant',
    content: { type: 'text', text: 'Paris' },
  }))
  client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///here' }] }))
  return asked
}

for (const tenant of ['conformance-java', 'conformance-js']) {
  describe(tenant, () => {
    const url = () => node.endpoint(tenant)

    test('negotiates the modern era, without a session', () =>
      connected(url(), async (client, transport) => {
        assert.equal(client.getProtocolEra(), 'modern')
        assert.equal(client.getNegotiatedProtocolVersion(), MODERN)
        assert.equal(transport.sessionId, undefined)
        assert.equal(client.getServerVersion().name, tenant)
      }))

    test('serves a client that pins the modern revision', () =>
      connected(url(), async client => assert.equal(client.getNegotiatedProtocolVersion(), MODERN), { mode: { pin: MODERN } }))

    test('serves a client of the session era at the same address', () =>
      connected(
        url(),
        async (client, transport) => {
          assert.equal(client.getProtocolEra(), 'legacy')
          assert.equal(client.getNegotiatedProtocolVersion(), LEGACY)
          assert.ok(transport.sessionId)
          answering(client)
          assert.match(text(await client.callTool({ name: 'test_input_required_result_elicitation' })), /Ada/)
          await transport.terminateSession()
        },
        { mode: 'legacy' },
      ))

    test('lists everything, page by page', () =>
      connected(url(), async client => {
        const first = await client.listTools({ cursor: undefined }, { cacheMode: 'bypass' })
        const names = first.tools.map(({ name }) => name)
        assert.equal(names[0], 'test_simple_text')
        assert.ok(names.length > 3, 'more than one page')
        assert.equal(new Set(names).size, names.length, 'no tool twice')
        assert.ok((await client.listResources()).resources.some(({ uri }) => uri === 'test://static-text'))
        assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 1)
        assert.ok((await client.listPrompts()).prompts.length > 3)
      }))

    test('calls, reads, prompts and completes', () =>
      connected(url(), async client => {
        assert.equal(text(await client.callTool({ name: 'test_simple_text' })), 'This is a simple text response for testing.')
        assert.equal((await client.callTool({ name: 'test_error_handling' })).isError, true)
        await assert.rejects(client.callTool({ name: 'no_such_tool' }), { code: -32602 })
        const { contents } = await client.readResource({ uri: 'test://template/123/data' })
        assert.match(contents[0].text, /123/)
        await assert.rejects(client.readResource({ uri: 'test://nothing' }), { code: -32602 })
        const { messages } = await client.getPrompt({ name: 'test_prompt_with_arguments', arguments: { arg1: 'x', arg2: 'y' } })
        assert.match(messages[0].content.text, /x.*y/)
        const { completion } = await client.complete({
          ref: { type: 'ref/prompt', name: 'test_prompt_with_arguments' },
          argument: { name: 'arg1', value: 'test' },
        })
        assert.ok(completion.values.includes('testValue1'))
      }))

    test('takes an argument that is mirrored into a header', () =>
      connected(url(), async client => {
        await client.listTools()
        const region = 'Zürich, mid-town'
        assert.ok(text(await client.callTool({ name: 'test_header_param', arguments: { region } })).includes(region))
      }))

    test('reports progress on the way', () =>
      connected(url(), async client => {
        const seen = []
        await client.callTool({ name: 'test_tool_with_progress' }, { onprogress: ({ progress }) => seen.push(progress) })
        assert.deepEqual(seen, [0, 50, 100])
      }))

    test('asks in multiple round trips, and goes on with the answers', () =>
      connected(url(), async client => {
        const asked = answering(client)
        const call = name => client.callTool({ name: `test_input_required_result_${name}` }).then(text)
        assert.match(await call('elicitation'), /Ada/)
        assert.match(await call('sampling'), /Paris/)
        assert.match(await call('list_roots'), /file:\/\/\/here/)
        assert.match(await call('request_state'), /state-ok/)
        assert.equal(asked.length, 2)
        await call('multi_round')
        assert.equal(asked.length, 4)
        await call('multiple_inputs')
        const { messages } = await client.getPrompt({ name: 'test_input_required_result_prompt' })
        assert.match(messages[0].content.text, /a test/)
      }))

    test('does not ask a client that cannot be asked', () =>
      connected(url(), client => assert.rejects(client.callTool({ name: 'test_missing_capability' }), { code: -32021 }), {
        capabilities: {},
      }))

    test('tells a subscriber of changed lists', () =>
      connected(url(), async client => {
        const heard = promised()
        client.setNotificationHandler('notifications/tools/list_changed', () => heard.resolve('tools'))
        client.setNotificationHandler('notifications/prompts/list_changed', () => heard.resolve('prompts'))
        const subscription = await within('the acknowledgement', client.listen({ toolsListChanged: true }))
        assert.equal(subscription.honoredFilter.toolsListChanged, true)
        // not asked for, so not told
        await client.callTool({ name: 'test_trigger_prompt_change' })
        await client.callTool({ name: 'test_trigger_tool_change' })
        assert.equal(await within('list_changed', heard.promise), 'tools')
        await subscription.close()
        assert.equal(await within('the end', subscription.closed), 'local')
      }))
  })
}

describe('samples', () => {
  test('hello-java orders after it asked', () =>
    connected(node.endpoint('hello-java'), async client => {
      client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { confirm: true } }))
      await client.listTools()
      const { structuredContent } = await client.callTool({ name: 'search', arguments: { words: 'asimov' } })
      assert.equal(structuredContent.books[0].title, 'Foundation')
      const ordered = await client.callTool({ name: 'order', arguments: { isbn: structuredContent.books[0].isbn } })
      assert.match(text(ordered), /Order \d+ is on its way/)
    }))

  test('hello-js books after it asked', () =>
    connected(node.endpoint('hello-js'), async client => {
      client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada' } }))
      const { structuredContent } = await client.callTool({ name: 'convert_temperature', arguments: { celsius: 0 } })
      assert.deepEqual(structuredContent, { fahrenheit: 32, kelvin: 273.15 })
      assert.match(text(await client.callTool({ name: 'book_table', arguments: { people: 2 } })), /in the name of Ada/)
    }))
})

describe('changes and cancelling', () => {
  const url = () => node.endpoint('fixture')

  test('a subscriber hears of the resources it named, and of no other', () =>
    connected(url(), async client => {
      const heard = promised()
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => heard.resolve(params.uri))
      const subscription = await within('the acknowledgement', client.listen({ resourceSubscriptions: ['note://one'] }))
      await client.callTool({ name: 'touch' })
      assert.equal(await within('resources/updated', heard.promise), 'note://one')
      await subscription.close()
    }))

  test('a call is cancelled where it runs when its client goes away', () =>
    connected(url(), async client => {
      const stop = new AbortController()
      const call = client.callTool(
        { name: 'wait', arguments: { name: 'v2-cancel' } },
        { signal: stop.signal, onprogress: () => stop.abort('enough') },
      )
      await assert.rejects(call, /enough/)
      const cancelled = async () => text(await client.callTool({ name: 'cancelled', arguments: { name: 'v2-cancel' } })) === 'true'
      await until('the handler is told', cancelled)
    }))

  test('a waiting call of one client does not hold up another, and gets its own answer', () =>
    connected(url(), one =>
      connected(url(), async two => {
        const waiting = promised()
        const call = one.callTool({ name: 'wait', arguments: { name: 'v2-pair' } }, { onprogress: () => waiting.resolve() })
        await within('the first progress', waiting.promise)
        assert.equal(text(await two.callTool({ name: 'open', arguments: { name: 'v2-pair' } })), 'opened')
        assert.equal(text(await within('the answer', call)), 'v2-pair was opened')
      }),
    ))

  test('a subscription ends gracefully when the node stops', async () => {
    const short = await startNode()
    await connected(short.endpoint('fixture'), async client => {
      const subscription = await within('the acknowledgement', client.listen({ toolsListChanged: true }))
      const stopped = short.stop()
      assert.equal(await within('the end', subscription.closed), 'graceful')
      const { code } = await stopped
      assert.ok(code === 0 || code === 143, `exit code ${code}`) // 143: ended by SIGTERM, as a JVM says it
    }).finally(() => short.stop())
  })
})
