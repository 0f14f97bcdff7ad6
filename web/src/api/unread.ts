import { useSyncExternalStore } from 'react'
import { currentSession, onSession } from './session'
import { followUnread, type Unread } from './unreadStream'

const CHANNEL = 'ekis-unread'

// null: nobody has said yet
let known: Unread | null = null
type Told = (it: Unread | null, before: Unread | null) => void
const listeners = new Set<Told>()

function keep(it: Unread | null) {
  if (it === known || (it?.unread === known?.unread && !it?.fresh)) return
  const before = known
  known = it
  for (const tell of listeners) tell(it, before)
}

/** How many notices have not been read, as the server says while the page is open. */
export function useUnread(): number {
  return useSyncExternalStore(onUnread, () => known?.unread ?? 0)
}

/** Calls back at every change; returns how to stop that. */
export function onUnread(tell: Told): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

type Said = { account: string } & ({ it: Unread } | { asks: true })

/**
 * Follows the count of whoever is signed in here. One tab of a browser listens for all of them (the one that has the
 * lock) and tells the others; when it closes, the next one takes over. Returns how to stop.
 */
export function startUnread(): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  let account: string | null = null
  let stop = new AbortController()

  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data.account !== account) return
    if ('it' in data) keep(data.it)
    else if (known) channel.postMessage({ account, it: { ...known, fresh: 0 } } satisfies Said)
  }

  function lead(of: string, signal: AbortSignal) {
    const tell = (it: Unread) => {
      keep(it)
      channel.postMessage({ account: of, it } satisfies Said)
    }
    navigator.locks
      .request(`${CHANNEL}-${of}`, { signal }, () => followUnread(signal, tell))
      .catch(() => {
        // aborted while another tab was listening
      })
  }

  function turn() {
    const session = currentSession()
    // Operators have no inbox
    const now = session?.scope === 'full' && session.category ? session.accountId : null
    if (now === account) return
    stop.abort()
    stop = new AbortController()
    account = now
    keep(null)
    if (now === null) return
    channel.postMessage({ account: now, asks: true } satisfies Said)
    lead(now, stop.signal)
  }

  turn()
  const leave = onSession(turn)
  return () => {
    leave()
    stop.abort()
    channel.close()
  }
}
