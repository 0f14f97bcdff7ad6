import { identity, unwrap } from './client'

export const STATES = ['issued', 'active', 'suspended', 'disabled', 'erased'] as const
export type AccountState = (typeof STATES)[number]

/** An item of GET /identity/accounts, whose answer the OpenAPI leaves open. */
export interface Account {
  account_id: string
  state: AccountState
  login: string | null
  full_name: string | null
  school_id: string
  staff_id: string
  category: 'head' | 'employee'
  post: string | null
  activated_at: string | null
  reason: string | null
  disable_at: string | null
}

export interface Wanted {
  state?: AccountState
  school_id?: string
  login?: string
  email?: string
  limit?: number
  cursor?: string
}

export const loadAccounts = (query: Wanted) =>
  unwrap(identity.GET('/api/identity/accounts', { params: { query } })) as Promise<{
    items: Account[]
    next: string | null
  }>
