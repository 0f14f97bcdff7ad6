import { useSyncExternalStore } from 'react'
import { Refused } from './problem'

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
  schoolId: string | null
}

export const DRAFT = 'ekis-draft-' // keys of what is typed and not sent yet
const LATER = 30_000 // milliseconds, when the network was away

// undefined: nobody has asked yet whether this device is signed in
let session: Session | null | undefined
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined

interface Claims {
  sub: string
  roles: string[]
  category: string | null
  school_id: string | null
}

function claims(token: string): Claims {
  const middle = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')
  return JSON.parse(atob(middle))
}

export function admit(answer: SignedIn) {
  const { sub, roles, category, school_id } = claims(answer.access_token)
  session = {
    token: answer.access_token,
    scope: answer.scope,
    required: answer.required,
    roles,
    category,
    accountId: sub,
    schoolId: school_id,
  }
  clearTimeout(timer)
  timer = setTimeout(() => void refresh(), Math.max(answer.expires_in - 30, 5) * 1000)
  for (const tell of listeners) tell()
}

/** Nobody is signed in any more: what the former one has typed goes too, for the next one may be somebody else. */
export function forget() {
  if (session) {
    const drafts = Object.keys(sessionStorage).filter((key) => key.startsWith(DRAFT))
    for (const key of drafts) sessionStorage.removeItem(key)
  }
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

// The status of the last exchange; 0 when the network did not answer
let answered = 0

async function exchange(): Promise<boolean> {
  const answer = await fetch('/api/identity/sessions/refresh', { method: 'POST' }).catch(() => null)
  answered = answer?.status ?? 0
  if (answer?.ok) admit(await answer.json())
  else if (answer?.status === 401) forget()
  else if (session) {
    clearTimeout(timer)
    timer = setTimeout(() => void refresh(), LATER)
  }
  return answer?.ok ?? false
}

/** The session of this device, asked for once when the page opens. Throws Refused while nobody can tell. */
export async function ensureSession(): Promise<Session | null> {
  if (session === undefined && !(await refresh()) && session === undefined) {
    throw new Refused({ status: answered, code: answered ? 'unreadable' : 'network' })
  }
  return session ?? null
}

/** Calls back whenever somebody signs in or out; returns how to stop that. */
export function onSession(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

export function useSession(): Session | null {
  return useSyncExternalStore(onSession, () => session ?? null)
}
