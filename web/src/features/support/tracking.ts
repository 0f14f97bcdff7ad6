import { identity, registry, unwrap } from '../../api/client'

export interface Step {
  at: string
  state: string
  note: string | null
  /** Of an application: why it came to this, or what became of a mail about it (`mail-sent`). */
  reason?: string | null
}

export interface Followed {
  number: string
  state: string
  timeline: Step[]
}

/** What opens a page: in the mail's link behind `#`, so that no server log ever holds it. */
export interface Known {
  number: string
  code: string
}

export function knownFrom(hash: string): Known {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  return { number: (fields.get('number') ?? '').trim(), code: (fields.get('code') ?? '').trim() }
}

const isApplication = (known: Known) => known.number.toUpperCase().startsWith('A')
export const isTicket = (known: Known) => known.number.toUpperCase().startsWith('T')
export const isRequest = (known: Known) => known.number.toUpperCase().startsWith('R')

const at = ({ number, code }: Known) => ({
  params: { path: { number: number.toUpperCase() }, header: { 'Tracking-Code': code } },
})

/** The timeline of a request for an account or of an application for entry. Throws Refused. */
export async function follow(known: Known): Promise<Followed> {
  if (isApplication(known)) {
    return unwrap(registry.GET('/api/registry/applications/{number}', at(known)))
  }
  return unwrap(identity.GET('/api/identity/account-requests/{number}', at(known)))
}

export async function withdraw(known: Known): Promise<unknown> {
  if (isApplication(known)) {
    return unwrap(registry.POST('/api/registry/applications/{number}/withdraw', at(known)))
  }
  return unwrap(identity.POST('/api/identity/account-requests/{number}/withdraw', at(known)))
}

export const resend = (known: Known) =>
  unwrap(identity.POST('/api/identity/account-requests/{number}/resend', at(known)))

export const correctEmail = (known: Known, email: string) =>
  unwrap(identity.PATCH('/api/identity/account-requests/{number}', { ...at(known), body: { email } }))

const ENDS = new Set(['activated', 'declined', 'withdrawn', 'expired', 'approved', 'rejected'])
export const hasEnded = (state: string) => ENDS.has(state)
export const isCorrectable = (state: string) =>
  ['received', 'verifying', 'needs-school', 'referred', 'undeliverable'].includes(state)
export const isIssued = (state: string) => state === 'issued' || state === 'undeliverable'
