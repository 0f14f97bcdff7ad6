import { useSyncExternalStore } from 'react'

const LOOK_AGAIN = 3_600_000 // milliseconds
const TAKEN_BY = 3_000 // milliseconds

let waiting: ServiceWorker | null = null
const listeners = new Set<() => void>()

function offer(worker: ServiceWorker | null) {
  waiting = worker
  for (const tell of listeners) tell()
}

/** The script that this page has been opened with. */
const entry = () =>
  new URL(document.querySelector<HTMLScriptElement>('script[type="module"][src]')!.src).pathname

/** Keeps the page for when there is no network, and looks whether there is a newer version of it. */
export async function keepShell() {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
  const ask = () => registration.waiting?.postMessage({ entry: entry() })
  navigator.serviceWorker.addEventListener('message', ({ data }) => data.newer && offer(registration.waiting))
  registration.addEventListener('updatefound', () => {
    const fresh = registration.installing
    fresh?.addEventListener('statechange', () => {
      if (fresh.state === 'installed' && registration.active) ask()
    })
  })
  ask()
  const look = () => void registration.update().catch(() => undefined)
  setInterval(look, LOOK_AGAIN)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look())
}

/**
 * The newer version takes over, and this page is opened anew; others stay as they are until they are. While the older
 * worker is busy it may stay for minutes: the page is opened anyway, from the network, where it is the newer one.
 */
export function takeUpdate() {
  const reopen = () => window.location.reload()
  navigator.serviceWorker.addEventListener('controllerchange', reopen, { once: true })
  waiting?.postMessage({ takeOver: true })
  setTimeout(reopen, TAKEN_BY)
}

export const putOffUpdate = () => offer(null)

export function useUpdate(): boolean {
  const listen = (changed: () => void) => {
    listeners.add(changed)
    return () => listeners.delete(changed)
  }
  return useSyncExternalStore(listen, () => waiting !== null)
}
