import { identity, unwrap } from '../../api/client'
import type { Parcel } from '../../api/upload'
import type { components } from '../../api/generated/identity'
import type { Act, Field } from '../../ui/ActDialog'

type Schemas = components['schemas']
export type Queued = Schemas['TicketOut']
export type DeskPage = Schemas['DeskPage']
export type Kind = Schemas['TicketIn']['kind']

export const STATES = ['new', 'assigned', 'waiting-for-user', 'resolved', 'closed'] as const
export const KINDS: Kind[] = [
  'sign-in',
  'restore-access',
  'disable-account',
  'register-school',
  'fault',
  'question',
]
const CHECKS = ['callback', 'email-code', 'head-confirmed', 'document'] as const

export interface Filters {
  state?: (typeof STATES)[number]
  kind?: Kind
  mine?: boolean
}

export const isOpen = (state: string) => state !== 'resolved' && state !== 'closed'

export const loadTickets = (filters: Filters, cursor: string | undefined) => {
  const query = {
    state: filters.state,
    kind: filters.kind,
    assigned_to: filters.mine ? ('me' as const) : undefined,
    cursor,
  }
  return unwrap(identity.GET('/api/identity/support/tickets', { params: { query } }))
}

export const loadTicket = (number: string) =>
  unwrap(
    identity.GET('/api/identity/support/tickets/{number}', { params: { path: { number } } }),
  ) as Promise<DeskPage>

const at = (number: string) => ({ params: { path: { number } } })

export const assign = (number: string) =>
  unwrap(identity.POST('/api/identity/support/tickets/{number}/assign', { ...at(number), body: {} }))

export const reopen = (number: string) =>
  unwrap(identity.POST('/api/identity/support/tickets/{number}/reopen', at(number)))

export const mailCode = (number: string) =>
  unwrap(identity.POST('/api/identity/support/tickets/{number}/email-code', at(number)))

const keyed = (number: string, key: string) => ({
  params: { path: { number }, header: { 'Idempotency-Key': key } },
})

export const reply = (number: string, text: string, template: string | null, key: string) =>
  unwrap(
    identity.POST('/api/identity/support/tickets/{number}/reply', {
      ...keyed(number, key),
      body: { text: text || null, template },
    }),
  )

export const note = (number: string, text: string, key: string) =>
  unwrap(
    identity.POST('/api/identity/support/tickets/{number}/messages', {
      ...keyed(number, key),
      body: { text, private: true },
    }),
  )

export const attached = (number: string, file: File, key: string): Parcel => ({
  path: `/api/identity/support/tickets/${number}/attachments`,
  file,
  key,
})

export type ActCode = 'resolve' | 'merge' | 'link' | 'restore' | 'disable' | 'code'

type Say = (key: string, more?: Record<string, string>) => string

/** What an act on a ticket asks for, and how it is done. */
export function actOf(code: ActCode, number: string, say: Say): Act {
  const words = {
    title: say(`act.${code}`),
    text: say(`act.${code}-text`),
    confirm: say(`act.${code}-do`),
  }
  const checked: Field[] = [
    {
      name: 'check',
      label: say('check.label'),
      options: CHECKS.map((value) => ({ value, label: say(`check.${value}`) })),
    },
    { name: 'note', label: say('check.note'), hint: say('check.note-hint') },
  ]
  const path = at(number)
  switch (code) {
    case 'resolve':
      return {
        ...words,
        fields: [{ name: 'text', label: say('resolve-text') }],
        send: ({ text }) =>
          unwrap(
            identity.POST('/api/identity/support/tickets/{number}/resolve', {
              ...path,
              body: { text: text! },
            }),
          ),
      }
    case 'merge':
      return {
        ...words,
        fields: [
          { name: 'into', label: say('merge-into'), kind: 'line' },
          { name: 'reason', label: say('reason'), hint: say('merge-reason-hint'), optional: true },
        ],
        send: ({ into, reason }) =>
          unwrap(
            identity.POST('/api/identity/support/tickets/{number}/merge', {
              ...path,
              body: { into: into!.trim(), reason: reason || null },
            }),
          ),
      }
    case 'link':
      return {
        ...words,
        fields: [
          {
            name: 'account_id',
            label: say('link-account'),
            hint: say('link-account-hint'),
            kind: 'line',
            optional: true,
          },
        ],
        send: ({ account_id }) =>
          unwrap(
            identity.POST('/api/identity/support/tickets/{number}/link', {
              ...path,
              body: { account_id: account_id?.trim() || null },
            }),
          ),
      }
    case 'code':
      return {
        ...words,
        fields: [{ name: 'code', label: say('code-read'), kind: 'line' }],
        send: ({ code: read }) =>
          unwrap(
            identity.POST('/api/identity/confirmations', {
              body: { purpose: 'email-code', code: read!.trim() },
            }),
          ),
      }
    case 'restore':
    case 'disable':
      return {
        ...words,
        fields: checked,
        grave: code === 'disable',
        send: ({ check, note: said }) => {
          const body = { check: check as (typeof CHECKS)[number], note: said! }
          return code === 'restore'
            ? unwrap(
                identity.POST('/api/identity/support/tickets/{number}/restore-access', { ...path, body }),
              )
            : unwrap(
                identity.POST('/api/identity/support/tickets/{number}/disable-account', { ...path, body }),
              )
        },
      }
  }
}
