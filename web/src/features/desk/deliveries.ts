import { notify, unwrap } from '../../api/client'
import { loadTicket } from './tickets'

/** An item of GET /notify/deliveries, whose answer the OpenAPI leaves open; the last three are there if notify says them. */
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
  address?: string | null
  reason?: string | null
}

export interface Filters {
  about?: string
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A mail is about an account, a request, an application or a ticket: a ticket may be named by its number. */
export async function loadDeliveries(named: string, cursor: string | undefined) {
  const about = ID.test(named) ? named : (await loadTicket(named)).ticket_id
  return unwrap(notify.GET('/api/notify/deliveries', { params: { query: { about, cursor } } })) as Promise<{
    items: Delivery[]
    next: string | null
  }>
}
