import { useEffect, useRef } from 'react'
import { Refused } from '../api/problem'

/** What no network has taken is sent again as soon as it is back, as Trouble promises. */
export function useAgainOnline(error: unknown, again: () => void) {
  const latest = useRef(again)
  useEffect(() => {
    latest.current = again
  })
  const isOffline = error instanceof Refused && error.problem.status === 0
  useEffect(() => {
    if (!isOffline) return
    const send = () => latest.current()
    window.addEventListener('online', send, { once: true })
    return () => window.removeEventListener('online', send)
  }, [isOffline])
}
