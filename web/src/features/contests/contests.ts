import { cabinet, unwrap } from '../../api/client'
import type { components } from '../../api/generated/cabinet'

type Schemas = components['schemas']
export type Contest = Schemas['ContestShown']
export type Card = Schemas['ContestCard']
export type Own = Schemas['OwnEntry']

export const VIEWS = ['open', 'mine', 'past'] as const
export type View = (typeof VIEWS)[number]

export const loadContests = (view: View | undefined, cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/contests', { params: { query: { view, cursor } } }))

const path = (contest_id: string) => ({ path: { contest_id } })

/** Who opens it has read what was told of it. */
export const openContest = (id: string) =>
  unwrap(cabinet.GET('/api/cabinet/contests/{contest_id}', { params: path(id) }))

export interface EntryValues extends Record<string, unknown> {
  team: string
  pupils: number | ''
  text: string
}

export const NOTHING: EntryValues = { team: '', pupils: '', text: '' }

export const enter = (id: string, { pupils, ...said }: EntryValues, key: string) =>
  unwrap(
    cabinet.POST('/api/cabinet/contests/{contest_id}/entries', {
      body: { ...said, pupils: pupils === '' ? null : pupils },
      params: { ...path(id), header: { 'Idempotency-Key': key } },
    }),
  )

export const withdraw = (entry_id: string) =>
  unwrap(
    cabinet.POST('/api/cabinet/contests/entries/{entry_id}/withdraw', { params: { path: { entry_id } } }),
  )

/** Whether the own entry still counts. */
export const isLive = (own: Own | null) =>
  own !== null && ['applied', 'accepted', 'waitlisted'].includes(own.state)
