import { notify, unwrap } from '../../api/client'

/** An item of GET /notify/webhooks, whose answer the OpenAPI leaves open. */
export interface Webhook {
  webhook_id: string
  name: string
  url: string
  types: string[]
  state: 'pending' | 'active' | 'refused' | 'paused' | 'ended'
  reason: string | null
  rate: number | null
  active_since: string | null
  created_at: string
}

/** One event as it was told; `status` is that of the last answer, `code` says why there was none. */
export interface Told {
  position: number
  event_id: string
  type: string
  key: string
  state: 'waiting' | 'delivered' | 'failed'
  at: string
  attempts: number
  last_at: string | null
  status: number | null
  code: string | null
  took_ms: number | null
}

export interface Wish {
  name: string
  url: string
  types: string[]
}

interface Slice<Item> {
  items: Item[]
  next: string | null
}

const ALL = '/api/notify/webhooks'
const ONE = '/api/notify/webhooks/{webhook_id}'
const at = (webhook_id: string) => ({ params: { path: { webhook_id } } })

export const loadWebhooks = (cursor: string | undefined) =>
  unwrap(notify.GET(ALL, { params: { query: { cursor } } })) as unknown as Promise<Slice<Webhook>>

export const loadWebhook = (id: string) => unwrap(notify.GET(ONE, at(id))) as unknown as Promise<Webhook>

export const loadTypes = async () => {
  const found = (await unwrap(notify.GET(`${ALL}/types`))) as unknown as { items: string[] }
  return found.items
}

export const loadTold = (webhook_id: string, cursor: string | undefined) =>
  unwrap(
    notify.GET(`${ONE}/deliveries`, { params: { path: { webhook_id }, query: { cursor } } }),
  ) as unknown as Promise<Slice<Told>>

/** The secret is in this answer alone. */
export const subscribe = (body: Wish) =>
  unwrap(notify.POST(ALL, { body })) as unknown as Promise<Webhook & { secret: string }>

export const renewSecret = (id: string) =>
  unwrap(notify.POST(`${ONE}/secret`, at(id))) as unknown as Promise<{ secret: string }>

export const pause = (id: string) => unwrap(notify.POST(`${ONE}/pause`, at(id)))
export const resume = (id: string) => unwrap(notify.POST(`${ONE}/resume`, at(id)))
export const tryOut = (id: string) => unwrap(notify.POST(`${ONE}/test`, at(id)))
export const remove = (id: string) => unwrap(notify.DELETE(ONE, at(id)))

/** `ekis.school-registered.v1` by the name that texts know it by. */
export const nameOf = (type: string) => type.split('.')[1] ?? type
