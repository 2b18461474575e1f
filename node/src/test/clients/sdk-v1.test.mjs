// The official TypeScript SDK client v1 (revision 2025-11-25, sessions) against a node.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ErrorCode,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  PromptListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { promised, until, within } from './awaited.mjs'
import { cuttable } from './cuttable.mjs'
import { startNode, TENANTS } from './node.mjs'

const REVISION = '2025-11-25'
const EVERYTHING = { capabilities: { elicitation: {}, sampling: {}, roots: { listChanged: true } } }
const text = result => result.content[0].text

let node
before(async () => (node = await startNode({ pageSize: 3 })))
after(() => node?.stop())

/** Runs `use` with a connected client, and closes it whatever happens. */
async function connected(url, use, { options = EVERYTHING, transport: how } = {}) {
  const transport = new StreamableHTTPClientTransport(url, how)
  const client = new Client({ name: 'v1', version: '1.0.0' }, options)
  try {
    await within('the session', client.connect(transport))
    return await use(client, transport)
  } finally {
    await client.close()
  }
}

/** Every entry of a list, page by page. */
async function pages(list, key) {
  const found = []
  let count = 0
  for (let cursor; count === 0 || cursor !== undefined; count++) {
    const page = await list(cursor === undefined ? {} : { cursor })
    found.push(...page[key])
    cursor = page.nextCursor
  }
  return { found, count }
}

for (const tenant of ['conformance-java', 'conformance-js']) {
  describe(tenant, () => {
    const url = () => node.endpoint(tenant)

    test('connects at the newest revision with sessions, and gets a session', () =>
      connected(url(), async (client, transport) => {
        assert.equal(transport.protocolVersion, REVISION)
        assert.match(transport.sessionId, /^[\x21-\x7e]{16,}$/)
        assert.ok(client.getServerCapabilities().tools)
        await client.ping()
      }))

    test('lists tools, resources, templates and prompts page by page', () =>
      connected(url(), async client => {
        const tools = await pages(page => client.listTools(page), 'tools')
        assert.ok(tools.count > 1, 'more than one page')
        const names = tools.found.map(({ name }) => name)
        assert.equal(new Set(names).size, names.length, 'no tool twice')
        assert.equal(names[0], 'test_simple_text')
        const resources = await pages(page => client.listResources(page), 'resources')
        assert.ok(resources.found.some(({ uri }) => uri === 'test://static-text'))
        const templates = await pages(page => client.listResourceTemplates(page), 'resourceTemplates')
        assert.deepEqual(templates.found.map(({ uriTemplate }) => uriTemplate), ['test://template/{id}/data'])
        const prompts = await pages(page => client.listPrompts(page), 'prompts')
        assert.ok(prompts.count > 1)
        assert.ok(prompts.found.some(({ name }) => name === 'test_simple_prompt'))
      }))

    test('refuses a cursor it did not give', () =>
      connected(url(), client => assert.rejects(client.listTools({ cursor: 'made up' }), { code: ErrorCode.InvalidParams })))

    test('calls, reads, prompts and completes', () =>
      connected(url(), async client => {
        assert.equal(text(await client.callTool({ name: 'test_simple_text' })), 'This is a simple text response for testing.')
        assert.equal((await client.callTool({ name: 'test_error_handling' })).isError, true)
        await assert.rejects(client.callTool({ name: 'no_such_tool' }), { code: ErrorCode.InvalidParams })
        const { contents } = await client.readResource({ uri: 'test://template/123/data' })
        assert.equal(JSON.parse(contents[0].text).id, '123')
        const { messages } = await client.getPrompt({ name: 'test_prompt_with_arguments', arguments: { arg1: 'x', arg2: 'y' } })
        assert.match(messages[0].content.text, /x.*y/)
        const { completion } = await client.complete({
          ref: { type: 'ref/prompt', name: 'test_prompt_with_arguments' },
          argument: { name: 'arg1', value: 'test' },
        })
        assert.ok(completion.values.includes('testValue1'))
      }))

    test('reports progress on the way', () =>
      connected(url(), async client => {
        const seen = []
        await client.callTool({ name: 'test_tool_with_progress' }, undefined, { onprogress: ({ progress }) => seen.push(progress) })
        assert.deepEqual(seen, [0, 50, 100])
      }))

    test('sends log messages of the level that was set', () =>
      connected(url(), async client => {
        const seen = []
        client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void seen.push(params.level))
        await client.setLoggingLevel('debug')
        await client.callTool({ name: 'test_tool_with_logging' })
        assert.deepEqual(seen, ['info', 'info', 'info'])
        await client.setLoggingLevel('error')
        await client.callTool({ name: 'test_tool_with_logging' })
        assert.equal(seen.length, 3)
      }))

    test('asks the user, the model and for roots in mid-call, and goes on with the answers', () =>
      connected(url(), async client => {
        const asked = []
        client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
          asked.push(params.message)
          return { action: 'accept', content: { name: 'Ada', color: 'green', context: 'a test' } }
        })
        client.setRequestHandler(CreateMessageRequestSchema, () => ({
          model: 'none',
          role: 'assistant',
          content: { type: 'text', text: 'Paris' },
        }))
        client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///here' }] }))
        assert.match(text(await client.callTool({ name: 'test_input_required_result_elicitation' })), /Ada/)
        assert.match(text(await client.callTool({ name: 'test_input_required_result_sampling' })), /Paris/)
        assert.match(text(await client.callTool({ name: 'test_input_required_result_list_roots' })), /file:\/\/\/here/)
        await client.callTool({ name: 'test_input_required_result_multi_round' })
        assert.equal(asked.length, 3)
        const { messages } = await client.getPrompt({ name: 'test_input_required_result_prompt' })
        assert.match(messages[0].content.text, /a test/)
      }))

    test('does not ask a client that cannot be asked', () =>
      connected(
        url(),
        async client => {
          const refused = await client.callTool({ name: 'test_input_required_result_elicitation' })
          assert.equal(refused.isError, true)
          assert.match(text(refused), /elicitation/)
        },
        { options: { capabilities: {} } },
      ))

    test('forgets a call that was cancelled, and serves the next', () =>
      connected(url(), async client => {
        const stop = new AbortController()
        const call = client.callTool({ name: 'test_tool_with_progress' }, undefined, {
          signal: stop.signal,
          onprogress: () => stop.abort('enough'),
        })
        await assert.rejects(call, /enough/)
        assert.match(text(await client.callTool({ name: 'test_simple_text' })), /simple text/)
      }))

    test('is resumed by Last-Event-ID when the server closes the stream in mid-call', () =>
      connected(url(), async client => {
        const tokens = []
        const result = await client.callTool({ name: 'test_reconnection' }, undefined, { onresumptiontoken: token => tokens.push(token) })
        assert.match(text(result), /[Rr]econnection test completed/)
        assert.ok(tokens.length > 0)
      }))

    test('ends a session by DELETE: 404 afterwards, and a new one serves', async () => {
      await connected(url(), async (client, transport) => {
        const ended = transport.sessionId
        await transport.terminateSession()
        const gone = await fetch(url(), {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            'mcp-session-id': ended,
            'mcp-protocol-version': REVISION,
          },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
        })
        assert.equal(gone.status, 404)
        const again = new StreamableHTTPClientTransport(url(), { sessionId: ended })
        await again.start()
        again.setProtocolVersion(REVISION)
        await assert.rejects(again.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' }), { code: 404 })
        await again.close()
      })
      await connected(url(), async client => assert.ok((await client.listTools()).tools.length > 0))
    })
  })
}

describe('samples', () => {
  test('hello-java answers with what its output schema says, and asks before it orders', () =>
    connected(node.endpoint('hello-java'), async client => {
      client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { confirm: true } }))
      await pages(page => client.listTools(page), 'tools')
      const found = await client.callTool({ name: 'search', arguments: { words: 'austen' } })
      assert.equal(found.structuredContent.books[0].title, 'Pride and Prejudice')
      assert.equal((await client.callTool({ name: 'search', arguments: {} })).isError, true)
      const ordered = await client.callTool({ name: 'order', arguments: { isbn: found.structuredContent.books[0].isbn } })
      assert.match(text(ordered), /Order \d+ is on its way/)
      const steps = []
      await client.callTool({ name: 'stocktake' }, undefined, { onprogress: step => steps.push(step.progress) })
      assert.deepEqual(steps, [1, 2, 3])
    }))

  test('hello-js answers with what its output schema says, and asks before it books', () =>
    connected(node.endpoint('hello-js'), async client => {
      client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada' } }))
      const { structuredContent } = await client.callTool({ name: 'convert_temperature', arguments: { celsius: 100 } })
      assert.deepEqual(structuredContent, { fahrenheit: 212, kelvin: 373.15 })
      assert.match(text(await client.callTool({ name: 'book_table', arguments: { people: 2 } })), /in the name of Ada/)
    }))
})

describe('changes', () => {
  const url = () => node.endpoint('fixture')

  test('a subscriber hears of a changed resource, until it unsubscribes', () =>
    connected(url(), async client => {
      let heard = promised()
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => heard.resolve(params.uri))
      await client.subscribeResource({ uri: 'note://one' })
      await client.callTool({ name: 'touch' })
      assert.equal(await within('resources/updated', heard.promise), 'note://one')
      heard = promised()
      await client.unsubscribeResource({ uri: 'note://one' })
      await client.callTool({ name: 'touch' })
      const listed = promised()
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => listed.resolve('later'))
      // changes keep their order: what came after it has come, so it will not come any more
      await client.callTool({ name: 'grow', arguments: { name: 'after' } })
      assert.equal(await within('list_changed', Promise.race([heard.promise, listed.promise])), 'later')
      await client.callTool({ name: 'shrink', arguments: { name: 'after' } })
    }))

  test('every session hears of changed lists, and reads them anew', () =>
    connected(url(), watcher =>
      connected(url(), async actor => {
        const heard = [ToolListChangedNotificationSchema, ResourceListChangedNotificationSchema, PromptListChangedNotificationSchema].map(
          schema => {
            const one = promised()
            watcher.setNotificationHandler(schema, ({ method }) => one.resolve(method))
            return one.promise
          },
        )
        await actor.callTool({ name: 'grow', arguments: { name: 'sapling' } })
        assert.deepEqual(await within('list_changed of three lists', Promise.all(heard)), [
          'notifications/tools/list_changed',
          'notifications/resources/list_changed',
          'notifications/prompts/list_changed',
        ])
        const { found } = await pages(page => watcher.listTools(page), 'tools')
        assert.ok(found.some(({ name }) => name === 'sapling'))
        assert.match(text(await watcher.callTool({ name: 'sapling' })), /added/)
        await actor.callTool({ name: 'shrink', arguments: { name: 'sapling' } })
      }),
    ))
})

describe('broken connections', () => {
  test('a call whose connection was cut in mid-stream ends where it began, with nothing missing and nothing twice', () =>
    connected(node.endpoint('fixture'), async helper => {
      const proxy = await cuttable(node.endpoint('fixture'))
      try {
        await connected(
          proxy.url,
          async client => {
            const seen = []
            let waiting = promised()
            const tokens = []
            const call = client.callTool({ name: 'wait', arguments: { name: 'cut' } }, undefined, {
              onprogress: step => {
                seen.push(step.progress)
                waiting.resolve()
              },
              onresumptiontoken: token => tokens.push(token),
            })
            await within('the first progress', waiting.promise)
            proxy.cut()
            await helper.callTool({ name: 'open', arguments: { name: 'cut' } })
            assert.equal(text(await within('the answer', call)), 'cut was opened')
            assert.deepEqual(seen, [1, 2])
            assert.equal(new Set(tokens).size, tokens.length)
          },
          {
            transport: {
              reconnectionOptions: { initialReconnectionDelay: 20, maxReconnectionDelay: 100, reconnectionDelayGrowFactor: 2, maxRetries: 10 },
            },
          },
        )
      } finally {
        await proxy.close()
      }
    }))

  test('a cancelled call is cancelled where it runs', () =>
    connected(node.endpoint('fixture'), async client => {
      const stop = new AbortController()
      const call = client.callTool({ name: 'wait', arguments: { name: 'v1-cancel' } }, undefined, {
        signal: stop.signal,
        onprogress: () => stop.abort('enough'),
      })
      await assert.rejects(call, /enough/)
      const cancelled = async () => text(await client.callTool({ name: 'cancelled', arguments: { name: 'v1-cancel' } })) === 'true'
      await until('the handler is told', cancelled)
    }))
})

describe('a private tenant', () => {
  test('asks for a key, serves with one, and not any more once it is revoked', async () => {
    await node.admin('PUT', '/tenants/closed', { open: false, trust: 'operator' }, { 'if-none-match': '*' })
    await node.admin('POST', '/tenants/closed/versions', readFileSync(TENANTS['hello-java']), { 'content-type': 'application/java-archive' })
    await node.admin('PUT', '/tenants/closed/clients/tester', {}, { 'if-none-match': '*' })
    const key = await node.admin('POST', '/tenants/closed/clients/tester/keys')
    const url = new URL(node.endpoint('hello-java').href.replace('/hello-java/', '/closed/'))
    const withKey = { transport: { requestInit: { headers: { authorization: `Bearer ${key.token}` } } } }

    const bare = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    assert.equal(bare.status, 401)
    assert.match(bare.headers.get('www-authenticate'), /^Bearer/)
    await assert.rejects(connected(url, () => assert.fail('there is no key')), { code: 401 })
    await connected(
      url,
      async (client, transport) => {
        assert.equal((await client.listTools()).tools.length, 3)
        const stolen = await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': transport.sessionId } })
        assert.equal(stolen.status, 401, 'a session id is no credential')
        await node.admin('DELETE', `/tenants/closed/clients/tester/keys/${key.id}`)
        await assert.rejects(client.listTools(), { code: 401 })
      },
      withKey,
    )
  })
})
