// A TCP proxy that can cut the connections through it, as a network does.

import { connect, createServer } from 'node:net'
import { once } from 'node:events'

/** @param {URL} target @returns {Promise<{url: URL, cut: () => void, close: () => Promise<void>}>} `cut` resets what is open; new connections pass */
export async function cuttable(target) {
  const open = new Set()
  const server = createServer(near => {
    const far = connect(Number(target.port), target.hostname)
    for (const [from, to] of [[near, far], [far, near]]) {
      open.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.port = String(server.address().port)
  const cut = () => open.forEach(socket => socket.resetAndDestroy())
  return {
    url,
    cut,
    async close() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}
