import { readEvents } from './events'
import { currentSession, refresh } from './session'

export interface Unread {
  unread: number
  /** How many of them came after what was said last. */
  fresh: number
}

const FIRST_WAIT = 1_000 // milliseconds, all of these
const LONGEST_WAIT = 30_000
const REFUSED_WAIT = 15_000 // a cabinet that is not open yet opens soon
const LIVED = 10_000 // a stream that ended sooner has failed: it may have had to give way to a seventh one
const SILENCE = 45_000 // the server says something every 15 seconds

interface Heard {
  last: string
  unread: number | null
  failures: number
}

/** Listens as long as nobody aborts: comes back after every end, with the place it got to, ever later after failures. */
export async function followUnread(stop: AbortSignal, tell: (it: Unread) => void): Promise<void> {
  const heard: Heard = { last: '', unread: null, failures: 0 }
  while (!stop.aborted) {
    const begun = Date.now()
    const told = await listen(stop, heard, tell).catch(() => null)
    heard.failures = Date.now() - begun < LIVED ? heard.failures + 1 : 0
    const wait = told ?? Math.min(FIRST_WAIT * 2 ** heard.failures, LONGEST_WAIT)
    await pause(wait * (0.5 + Math.random()), stop)
  }
}

/** One connection to its end. Returns how long to wait before the next one, null when nobody said. */
async function listen(stop: AbortSignal, heard: Heard, tell: (it: Unread) => void): Promise<number | null> {
  const connection = new AbortController()
  const abort = () => connection.abort()
  stop.addEventListener('abort', abort, { once: true })
  let silence = setTimeout(abort, SILENCE)
  const alive = () => {
    clearTimeout(silence)
    silence = setTimeout(abort, SILENCE)
  }
  try {
    const answer = await open(connection.signal, heard.last)
    if (!answer.ok || !answer.body) return await refused(answer)
    const hear = ({ id, event, data }: { id: string; event: string; data: string }) => {
      if (event !== 'unread') return
      const { unread, new: fresh } = JSON.parse(data) as { unread: number; new: number }
      // `new` counts from the place that was sent, so on a stream without one it says nothing
      const more = heard.unread === null ? 0 : Math.max(fresh, unread - heard.unread)
      tell({ unread, fresh: more })
      heard.last = id
      heard.unread = unread
    }
    await readEvents(answer.body, hear, alive)
    return null
  } finally {
    clearTimeout(silence)
    stop.removeEventListener('abort', abort)
  }
}

const open = (signal: AbortSignal, last: string) =>
  fetch('/api/cabinet/inbox/stream', {
    signal,
    cache: 'no-store',
    headers: {
      Authorization: `Bearer ${currentSession()?.token}`,
      ...(last && { 'Last-Event-ID': last }),
    },
  })

async function refused(answer: Response): Promise<number | null> {
  if (answer.status === 401) {
    await refresh()
    return null
  }
  const after = Number(answer.headers.get('Retry-After')) * 1000
  return after || REFUSED_WAIT
}

/** Ends early when the network is back, or when nobody wants to know any more. */
function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      window.removeEventListener('online', end)
      stop.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    window.addEventListener('online', end)
    stop.addEventListener('abort', end)
    if (stop.aborted) end()
  })
}
