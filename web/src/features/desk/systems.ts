import { identity, unwrap } from '../../api/client'
import type { components } from '../../api/generated/identity'
import { tagged } from '../../api/tagged'

export type System = components['schemas']['SystemOut']
export type Wish = components['schemas']['SystemIn']

export type Terms = Omit<Wish, 'key'>

/** What a system may be granted. */
export const SCOPES = ['schools:read', 'roster:read', 'webhooks'] as const

/** The key of its words: in i18next a colon is no part of a key. */
export const wordOf = (scope: string) => `system-scope.${scope.replace(':', '-')}`

const ALL = '/api/identity/systems'
const ONE = '/api/identity/systems/{system_id}'

export type Tagged = System & { etag: string }
const at = ({ system_id, etag }: Tagged) => ({ path: { system_id }, header: { 'If-Match': etag } })

export const loadSystems = (cursor: string | undefined) =>
  unwrap(identity.GET(ALL, { params: { query: { cursor } } }))

export const loadSystem = (system_id: string) =>
  tagged(identity.GET(ONE, { params: { path: { system_id } } }))

export const register = (body: Wish, key: string) =>
  unwrap(identity.POST(ALL, { body, params: { header: { 'Idempotency-Key': key } } }))

export const change = (system: Tagged, body: Terms) =>
  unwrap(identity.PATCH(ONE, { body, params: at(system) }))

export const addKey = (system: Tagged, key: string) =>
  unwrap(identity.POST(`${ONE}/keys`, { body: { key }, params: at(system) }))

export const removeKey = (system: Tagged, kid: string) => {
  const { path, header } = at(system)
  return unwrap(identity.DELETE(`${ONE}/keys/{kid}`, { params: { path: { ...path, kid }, header } }))
}

export const ACTS = {
  suspend: (system: Tagged, reason: string) =>
    unwrap(identity.POST(`${ONE}/suspend`, { body: { reason }, params: at(system) })),
  resume: (system: Tagged, reason: string) =>
    unwrap(identity.POST(`${ONE}/resume`, { body: { reason }, params: at(system) })),
  end: (system: Tagged, reason: string) =>
    unwrap(identity.POST(`${ONE}/end`, { body: { reason }, params: at(system) })),
}
export type SystemAct = keyof typeof ACTS
