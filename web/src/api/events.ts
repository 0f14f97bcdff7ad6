export interface ServerEvent {
  id: string
  event: string
  data: string
}

/** One block of a stream; null for a comment. */
function parsed(block: string): ServerEvent | null {
  const found = { id: '', event: 'message', data: '' }
  for (const line of block.split('\n')) {
    const [, name, value] = line.match(/^(id|event|data): ?(.*)$/) ?? []
    if (name) found[name as keyof ServerEvent] += name === 'data' && found.data ? `\n${value}` : value
    if (name === 'event') found.event = value!
  }
  return found.data ? found : null
}

/**
 * Reads server-sent events of an answer to its end. EventSource is of no use: it sends no token. `alive` is called
 * whenever anything comes, comments too. Throws what the network throws.
 */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  hear: (event: ServerEvent) => void,
  alive: () => void,
): Promise<void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    alive()
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      const event = parsed(block)
      if (event) hear(event)
    }
  }
}
