import { cabinet, unwrap } from '../../api/client'
import type { components } from '../../api/generated/cabinet'
import { tagged } from '../../api/tagged'
import { moscowInput, moscowMoment } from '../../ui/dates'
import { type AudienceValues, audienceValues, EVERYBODY } from '../../ui/audience/audience'
import type { Kept } from '../../ui/files/kept'

export const STATES = ['draft', 'announced', 'closed', 'cancelled'] as const
export type State = (typeof STATES)[number]
type Plan = components['schemas']['ContestIn']

/** As the form holds it: moments as fields of the browser do, no number is an empty text. */
export interface ContestValues extends Record<string, unknown> {
  kind: 'contest' | 'event'
  title: string
  body: string
  place: string
  audience: AudienceValues
  subjects: string[]
  needs_approval: boolean
  opens_at: string
  closes_at: string
  starts_at: string
  ends_at: string
  capacity: number | ''
  quota: number | ''
  files: Kept[]
}

export const EMPTY: ContestValues = {
  kind: 'contest',
  title: '',
  body: '',
  place: '',
  audience: EVERYBODY,
  subjects: [],
  needs_approval: true,
  opens_at: '',
  closes_at: '',
  starts_at: '',
  ends_at: '',
  capacity: '',
  quota: '',
  files: [],
}

const asField = (iso: string | null) => (iso ? moscowInput(iso) : '')
const asMoment = (field: string) => (field ? moscowMoment(field) : null)

export const valuesOf = (it: Contest): ContestValues => ({
  kind: it.kind,
  title: it.title,
  body: it.body,
  place: it.place,
  audience: audienceValues(it.audience),
  subjects: [...it.subjects],
  needs_approval: it.needs_approval,
  opens_at: asField(it.opens_at),
  closes_at: asField(it.closes_at),
  starts_at: asField(it.starts_at),
  ends_at: asField(it.ends_at),
  capacity: it.capacity ?? '',
  quota: it.quota ?? '',
  files: it.attached.map(({ file_id, name, size }) => ({ file_id, name, size })),
})

const planOf = (values: ContestValues): Plan => ({
  ...values,
  opens_at: moscowMoment(values.opens_at),
  closes_at: moscowMoment(values.closes_at),
  starts_at: asMoment(values.starts_at),
  ends_at: asMoment(values.ends_at),
  capacity: values.capacity || null,
  quota: values.quota || null,
  files: values.files.map(({ file_id }) => file_id),
})

const path = (contest_id: string) => ({ path: { contest_id } })
const matched = (contest_id: string, etag: string) => ({
  ...path(contest_id),
  header: { 'If-Match': etag },
})

export const loadWritten = (state: State | undefined, cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/contests/written', { params: { query: { state, cursor } } }))

export const loadContest = (id: string) =>
  tagged(cabinet.GET('/api/cabinet/contests/written/{contest_id}', { params: path(id) }))

export type Contest = Awaited<ReturnType<typeof loadContest>>

export const writeContest = (values: ContestValues, key: string) =>
  tagged(
    cabinet.POST('/api/cabinet/contests', {
      body: planOf(values),
      params: { header: { 'Idempotency-Key': key } },
    }),
  )

export const editContest = (id: string, etag: string, values: ContestValues) =>
  tagged(
    cabinet.PUT('/api/cabinet/contests/{contest_id}', { body: planOf(values), params: matched(id, etag) }),
  )

export const deleteContest = (id: string, etag: string) =>
  unwrap(cabinet.DELETE('/api/cabinet/contests/{contest_id}', { params: matched(id, etag) }))

export const announceContest = (id: string, etag: string) =>
  tagged(cabinet.POST('/api/cabinet/contests/{contest_id}/announce', { params: matched(id, etag) }))

export const closeContest = (id: string, etag: string) =>
  tagged(cabinet.POST('/api/cabinet/contests/{contest_id}/close', { params: matched(id, etag) }))

export const cancelContest = (id: string, etag: string, reason: string) =>
  tagged(
    cabinet.POST('/api/cabinet/contests/{contest_id}/cancel', {
      body: { reason },
      params: matched(id, etag),
    }),
  )
