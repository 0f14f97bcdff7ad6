// Keeps the page and its files, so that it opens without a network. Answers of the interface are never kept, nor
// anything of a person: what begins with /api/ is not even looked at, nor are documents, which are no part of the client.
// VERSION, ENTRY and SHELL stand above (shell.mjs).
const PREFIX = 'ekis-shell-'
const PATIENCE = 4_000 // milliseconds that a page is waited for before the kept one is shown

self.addEventListener('install', (event) => event.waitUntil(keep()))

async function keep() {
  const cache = await caches.open(PREFIX + VERSION)
  // The page itself is asked for anew; files are named by their content
  await cache.addAll(SHELL.map((path) => new Request(path, path === '/' ? { cache: 'reload' } : {})))
}

self.addEventListener('activate', (event) => event.waitUntil(takeOver()))

/** The shell before this one stays: its pages may still be open, and ask for files that the server has no more. */
async function takeOver() {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== PREFIX + VERSION)
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)))
  await self.clients.claim()
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || /^\/(api|docs)\//.test(pathname)) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (pathname.startsWith('/assets/') || SHELL.includes(pathname)) event.respondWith(file(request))
})

/** From the network, so that a new version is seen at once; the kept one when there is none, or it takes too long. */
async function page(request) {
  const asked = fetch(request)
  const tired = new Promise((resolve) => setTimeout(resolve, PATIENCE))
  const answer = await Promise.race([asked, tired]).catch(() => undefined)
  if (answer) return answer
  const cache = await caches.open(PREFIX + VERSION)
  return (await cache.match('/', { ignoreVary: true })) ?? asked
}

async function file(request) {
  const cache = await caches.open(PREFIX + VERSION)
  const anyway = { ignoreVary: true } // whoever asks, and however it was packed
  return (await cache.match(request, anyway)) ?? (await caches.match(request, anyway)) ?? fetch(request)
}

/** A page asks whether this is newer than itself. Nobody's page is exchanged before somebody there has said so. */
self.addEventListener('message', (event) => {
  if (event.data.takeOver || event.data.entry === ENTRY) event.waitUntil(self.skipWaiting())
  else event.source.postMessage({ newer: true })
})
