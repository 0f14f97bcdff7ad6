import { notify, unwrap } from '../../api/client'
import type { components } from '../../api/generated/notify'

type Schemas = components['schemas']
export type Webhook = Schemas['WebhookOut']
export type Wish = Schemas['NewWebhook']

const ALL = '/api/notify/webhooks'
const ONE = '/api/notify/webhooks/{webhook_id}'
const at = (webhook_id: string) => ({ params: { path: { webhook_id } } })

export const loadWebhooks = (cursor: string | undefined) =>
  unwrap(notify.GET(ALL, { params: { query: { cursor } } }))

export const loadWebhook = (id: string) => unwrap(notify.GET(ONE, at(id)))

export const loadTypes = async () => (await unwrap(notify.GET(`${ALL}/types`))).items

export const loadTold = (webhook_id: string, cursor: string | undefined) =>
  unwrap(notify.GET(`${ONE}/deliveries`, { params: { path: { webhook_id }, query: { cursor } } }))

/** The secret is in this answer alone. */
export const subscribe = (body: Wish) => unwrap(notify.POST(ALL, { body }))

export const renewSecret = (id: string) => unwrap(notify.POST(`${ONE}/secret`, at(id)))

export const pause = (id: string) => unwrap(notify.POST(`${ONE}/pause`, at(id)))
export const resume = (id: string) => unwrap(notify.POST(`${ONE}/resume`, at(id)))
export const tryOut = (id: string) => unwrap(notify.POST(`${ONE}/test`, at(id)))
export const remove = (id: string) => unwrap(notify.DELETE(ONE, at(id)))

/** `ekis.school-registered.v1` by the name that texts know it by. */
export const nameOf = (type: string) => type.split('.')[1] ?? type
