import { type Account, type AccountState, loadAccounts } from '../../api/accounts'
import { identity, unwrap } from '../../api/client'
import type { components } from '../../api/generated/identity'
import type { Act, Field } from '../../ui/ActDialog'

type Schemas = components['schemas']
export type Erasure = Schemas['ErasureOut']
export type Deed = Schemas['identity__routes__deeds__DeedOut']

export interface Filters {
  state?: AccountState
  school?: string
  login?: string
  email?: string
}

export const findAccounts = ({ school, ...wanted }: Filters, cursor: string | undefined) =>
  loadAccounts({ ...wanted, school_id: school, cursor })

const at = (account_id: string) => ({ params: { path: { account_id } } })

export const loadAccount = (id: string) =>
  unwrap(identity.GET('/api/identity/accounts/{account_id}', at(id))) as Promise<unknown> as Promise<Account>

export const loadErasure = (id: string) =>
  unwrap(identity.GET('/api/identity/accounts/{account_id}/erasure', at(id)))

export const loadDeeds = (cursor: string | undefined) =>
  unwrap(identity.GET('/api/identity/deeds', { params: { query: { cursor } } }))

export const approve = (deed_id: string) =>
  unwrap(identity.POST('/api/identity/deeds/{deed_id}/approve', { params: { path: { deed_id } } }))

export const refuse = (deed_id: string) =>
  unwrap(identity.POST('/api/identity/deeds/{deed_id}/refuse', { params: { path: { deed_id } } }))

export type ActCode = 'suspend' | 'resume' | 'disable-account' | 'email'

/** What may be done to an account in its state. */
export function actsOf(state: AccountState): ActCode[] {
  if (state === 'suspended') return ['resume', 'disable-account', 'email']
  if (state === 'issued' || state === 'active') return ['suspend', 'email', 'disable-account']
  return []
}

type Say = (key: string) => string

/** What an act on an account asks for: the ground and the ticket. */
export function actOf(code: ActCode, account: Account, say: Say): Act {
  const ground: Field[] = [
    { name: 'reason', label: say('reason') },
    { name: 'ticket', label: say('ticket-number'), hint: say('ticket-number-hint'), kind: 'line' },
  ]
  const path = at(account.account_id)
  return {
    title: say(`act.${code}`),
    text: `${account.full_name ?? account.login}. ${say(`act.${code}-text`)}`,
    confirm: say(`act.${code}-do`),
    grave: code === 'disable-account',
    fields: code === 'email' ? [{ name: 'email', label: say('new-email'), kind: 'line' }, ...ground] : ground,
    send: (values) => {
      const body = { reason: values.reason!, ticket: values.ticket?.trim() || null }
      switch (code) {
        case 'suspend':
          return unwrap(identity.POST('/api/identity/accounts/{account_id}/suspend', { ...path, body }))
        case 'resume':
          return unwrap(identity.POST('/api/identity/accounts/{account_id}/resume', { ...path, body }))
        case 'disable-account':
          return unwrap(identity.POST('/api/identity/accounts/{account_id}/disable', { ...path, body }))
        case 'email':
          return unwrap(
            identity.POST('/api/identity/accounts/{account_id}/email', {
              ...path,
              body: { ...body, email: values.email!.trim() },
            }),
          )
      }
    },
  }
}
