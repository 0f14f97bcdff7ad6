import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type Account, loadAccounts } from '../../api/accounts'
import { identity, registry, unwrap } from '../../api/client'
import { everyPage, MOST } from '../../api/everyPage'
import type { components } from '../../api/generated/registry'
import { useSession } from '../../api/session'

export type Staff = components['schemas']['StaffOut']

/** A record of the roll with the account that it has now, or had last. */
export interface Member extends Staff {
  account: Account | null
}

const LOOK_AGAIN = 15_000 // milliseconds

export const hasEnded = ({ state }: Account) => state === 'disabled' || state === 'erased'

const loadRoll = (school_id: string) =>
  everyPage((cursor) =>
    unwrap(
      registry.GET('/api/registry/schools/{school_id}/staff', {
        params: { path: { school_id }, query: { cursor, limit: MOST } },
      }),
    ),
  )

const loadStates = (school_id: string) =>
  everyPage((cursor) => loadAccounts({ school_id, cursor, limit: MOST }))

/** Who has left the roll, and has an account that the desk can still give back. */
const isLeaving = (account: Account, onRoll: Set<string>) =>
  account.state === 'suspended' && account.disable_at !== null && !onRoll.has(account.staff_id)

/** Roll and accounts of the head's own school: two lists, whatever the number of people. */
export function useRoll() {
  const school = useSession()?.schoolId ?? ''
  const queries = useQueryClient()
  const rollKey = ['roll', school]
  const roll = useQuery({ queryKey: rollKey, queryFn: () => loadRoll(school), staleTime: 0 })
  const states = useQuery({
    queryKey: ['school-accounts', school],
    queryFn: () => loadStates(school),
    staleTime: 0,
    refetchInterval: LOOK_AGAIN,
  })
  const accounts = new Map<string, Account>()
  for (const one of states.data ?? []) {
    const known = accounts.get(one.staff_id)
    if (!known || hasEnded(known)) accounts.set(one.staff_id, one)
  }
  const members = (roll.data ?? []).map((one) => ({ ...one, account: accounts.get(one.staff_id) ?? null }))
  const onRoll = new Set(members.map(({ staff_id }) => staff_id))
  return {
    school,
    members,
    leaving: roll.data ? (states.data ?? []).filter((one) => isLeaving(one, onRoll)) : [],
    isPending: roll.isPending,
    error: roll.error ?? states.error,
    /** Whether it is known who has an account. */
    hasStates: states.isSuccess,
    again: () => void Promise.all([roll.refetch(), states.refetch()]),
    settle: () => {
      void queries.invalidateQueries({ queryKey: rollKey })
      void queries.invalidateQueries({ queryKey: ['school-accounts', school] })
    },
    /** The record as it is at this moment; undefined for who has left. */
    readAnew: async (id: string) => {
      const found = await queries.fetchQuery({
        queryKey: rollKey,
        queryFn: () => loadRoll(school),
        staleTime: 0,
      })
      return found.find(({ staff_id }) => staff_id === id)
    },
  }
}

const at = ({ school_id, staff_id }: Staff) => ({ path: { school_id, staff_id } })

export const enrol = (school_id: string, body: components['schemas']['StaffIn'], key: string) =>
  unwrap(
    registry.POST('/api/registry/schools/{school_id}/staff', {
      params: { path: { school_id }, header: { 'Idempotency-Key': key } },
      body,
    }),
  )

/** Corrects the record as it was read. Throws Refused, with status 412 when it is another one by now. */
export const correct = (read: Staff, body: Partial<Staff>) =>
  unwrap(
    registry.PATCH('/api/registry/schools/{school_id}/staff/{staff_id}', {
      params: { ...at(read), header: { 'If-Match': `"${read.version}"` } },
      body: body as components['schemas']['StaffPatch'],
    }),
  )

export const end = (staff: Staff, reason: string) =>
  unwrap(
    registry.DELETE('/api/registry/schools/{school_id}/staff/{staff_id}', {
      params: { ...at(staff), query: { reason } },
    }),
  )

export const suspend = (account_id: string, reason: string) =>
  unwrap(
    identity.POST('/api/identity/accounts/{account_id}/suspend', {
      params: { path: { account_id } },
      body: { reason },
    }),
  )

export const resume = (account_id: string, reason: string) =>
  unwrap(
    identity.POST('/api/identity/accounts/{account_id}/resume', {
      params: { path: { account_id } },
      body: { reason },
    }),
  )

export const loadAccount = (account_id: string) =>
  unwrap(
    identity.GET('/api/identity/accounts/{account_id}', { params: { path: { account_id } } }),
  ) as Promise<unknown> as Promise<Account>
