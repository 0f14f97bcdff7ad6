import { useSyncExternalStore } from 'react'

/** What a sign-in, a refresh or an activation answers; the refresh token is in a cookie that scripts never see. */
export interface SignedIn {
  access_token: string
  expires_in: number
  scope: 'full' | 'activation'
  required: string[]
}

export interface Session {
  token: string
  scope: 'full' | 'activation'
  required: string[]
  roles: string[]
  category: string | null
  accountId: string
}

// undefined: nobody has asked yet whether this device is signed in
let session: Session | null | undefined
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined

function claims(token: string): { sub: string; roles: string[]; category: string | null } {
  const middle = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')
  return JSON.parse(atob(middle))
}

export function admit(answer: SignedIn) {
  const { sub, roles, category } = claims(answer.access_token)
  session = {
    token: answer.access_token,
    scope: answer.scope,
    required: answer.required,
    roles,
    category,
    accountId: sub,
  }
  clearTimeout(timer)
  timer = setTimeout(() => void refresh(), Math.max(answer.expires_in - 30, 5) * 1000)
  for (const tell of listeners) tell()
}

export function forget() {
  session = null
  clearTimeout(timer)
  for (const tell of listeners) tell()
}

export const currentSession = () => session

let running: Promise<boolean> | undefined

/** A new access token for the cookie's session; one at a time in all tabs. False when nobody is signed in. */
export function refresh(): Promise<boolean> {
  running ??= exchangeAlone().finally(() => {
    running = undefined
  })
  return running
}

async function exchangeAlone(): Promise<boolean> {
  return await navigator.locks.request('ekis-refresh', exchange)
}

async function exchange(): Promise<boolean> {
  const answer = await fetch('/api/identity/sessions/refresh', { method: 'POST' })
  if (answer.ok) admit(await answer.json())
  else if (answer.status === 401) forget()
  return answer.ok
}

/** The session of this device, asked for once when the page opens. */
export async function ensureSession(): Promise<Session | null> {
  if (session === undefined && !(await refresh().catch(() => false)) && session === undefined) forget()
  return session ?? null
}

export function useSession(): Session | null {
  const read = () => session ?? null
  return useSyncExternalStore((tell) => {
    listeners.add(tell)
    return () => listeners.delete(tell)
  }, read)
}
