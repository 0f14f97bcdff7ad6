import { identity, unwrap } from '../../api/client'
import type { components, operations } from '../../api/generated/identity'

export type Recording = components['schemas']['Recording']
type Query = NonNullable<operations['list_entries_api_identity_audit_get']['parameters']['query']>
export type ActName = NonNullable<Query['act']>

export const ACTS = [
  'signed-in',
  'sign-in-refused',
  'refresh-token-reused',
  'password-changed',
  'suspend',
  'resume',
  'disable',
  'erase',
  'erasure-overdue',
  'restore',
  'email-change',
  'email-changed',
  'email-code',
  'email-code-read',
  'link',
  'look-up',
  'second-factor-on',
  'second-factor-off',
  'second-factor-failed',
  'reset-second-factor',
  'recovery-code-used',
  'recovery-codes-renewed',
  'system-registered',
  'system-changed',
  'system-key-added',
  'system-key-removed',
  'system-suspended',
  'system-resumed',
  'system-ended',
  'system-token',
  'system-refused',
  'operator-made',
  'operator-roles',
  'operator-password',
  'operator-suspended',
  'operator-resumed',
  'operator-disabled',
  'deed-asked',
  'deed-approved',
  'deed-refused',
  'deed-expired',
  'audit-exported',
] as const satisfies readonly ActName[]

/** As the address has it; days are Moscow's, both included. */
export interface Filters {
  act?: ActName
  account_id?: string
  by?: string
  ticket?: string
  since?: string
  until?: string
}

/** Moscow has had no summer time since 2014. */
const inQuery = ({ since, until, ...others }: Filters) => ({
  ...others,
  since: since ? `${since}T00:00:00+03:00` : undefined,
  until: until ? `${until}T23:59:59.999+03:00` : undefined,
})

export const loadAudit = (filters: Filters, cursor: string | undefined) =>
  unwrap(identity.GET('/api/identity/audit', { params: { query: { ...inQuery(filters), cursor } } }))

export function exportPath(filters: Filters): string {
  const entries = Object.entries(inQuery(filters)).filter(([, value]) => value)
  return `/api/identity/audit/export?${new URLSearchParams(entries as [string, string][])}`
}
