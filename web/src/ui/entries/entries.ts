import { cabinet, unwrap } from '../../api/client'
import type { components } from '../../api/generated/cabinet'

type Schemas = components['schemas']
export type Entry = Schemas['EntryOut']
export type State = Entry['state']

/** What waits for the caller in all contests. */
export const loadUndecided = (cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/contests/entries', { params: { query: { cursor } } }))

/** Of one contest: of the own school for a head, all of them for an editor. */
export const loadEntries = (contest_id: string, state: State | undefined, cursor: string | undefined) =>
  unwrap(
    cabinet.GET('/api/cabinet/contests/{contest_id}/entries', {
      params: { path: { contest_id }, query: { state, cursor } },
    }),
  )

export const approve = (entry_id: string) =>
  unwrap(cabinet.POST('/api/cabinet/contests/entries/{entry_id}/approve', { params: { path: { entry_id } } }))

export const reject = (entry_id: string, reason: string) =>
  unwrap(
    cabinet.POST('/api/cabinet/contests/entries/{entry_id}/reject', {
      params: { path: { entry_id } },
      body: { reason },
    }),
  )
