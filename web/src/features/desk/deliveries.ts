import { notify, unwrap } from '../../api/client'

/** An item of GET /notify/deliveries, whose answer the OpenAPI leaves open; `to` is the address, masked. */
export interface Delivery {
  notification_id: string
  about: string
  about_event: string | null
  purpose: string
  state: string
  attempts: number
  code: string | null
  queued_at: string
  due_at: string | null
  finished_at: string | null
  to: string | null
  reason: string | null
}

export interface Filters {
  about?: string
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** By the id of an account, a request, an application or an event's subject; by a ticket's number; by a whole address. */
function asked(typed: string): { about?: string; ticket?: string; address?: string } {
  if (typed.includes('@')) return { address: typed }
  return ID.test(typed) ? { about: typed } : { ticket: typed.toUpperCase() }
}

export async function loadDeliveries(typed: string, cursor: string | undefined) {
  const query = { ...asked(typed), cursor }
  return unwrap(notify.GET('/api/notify/deliveries', { params: { query } })) as Promise<{
    items: Delivery[]
    next: string | null
  }>
}

/** Once more to the address on file; refused in words for what held a secret. */
export const sendAgain = (notification_id: string) =>
  unwrap(
    notify.POST('/api/notify/deliveries/{notification_id}/resend', { params: { path: { notification_id } } }),
  )

const FAILED = new Set(['failed', 'bounced', 'unknown'])
export const hasFailed = ({ state, finished_at }: Delivery) => FAILED.has(state) && finished_at !== null
