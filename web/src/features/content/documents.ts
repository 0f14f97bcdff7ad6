import type { Kept } from '../../ui/files/kept'
import { cabinet, unwrap } from '../../api/client'
import { tagged } from '../../api/tagged'
import { type AudienceValues, audienceValues, EVERYBODY } from '../../ui/audience/audience'

export const KINDS = ['law', 'order', 'regulation', 'instruction', 'letter', 'other'] as const

export interface CardValues extends Record<string, unknown> {
  number: string
  issued_on: string
  issuer: string
  kind: (typeof KINDS)[number]
  title: string
  specialties: string[]
  audience: AudienceValues
  supersedes: string | null
}

export const EMPTY: CardValues = {
  number: '',
  issued_on: '',
  issuer: '',
  kind: 'order',
  title: '',
  specialties: [],
  audience: EVERYBODY,
  supersedes: null,
}

const path = (document_id: string) => ({ path: { document_id } })
const matched = (document_id: string, etag: string) => ({
  ...path(document_id),
  header: { 'If-Match': etag },
})

export const loadCard = (id: string) =>
  tagged(cabinet.GET('/api/cabinet/documents/{document_id}/card', { params: path(id) }))

export type Card = Awaited<ReturnType<typeof loadCard>>

export const cardValues = (it: Card): CardValues => ({
  number: it.number,
  issued_on: it.issued_on,
  issuer: it.issuer,
  kind: it.kind,
  title: it.title,
  specialties: [...it.specialties],
  audience: audienceValues(it.audience),
  supersedes: it.supersedes,
})

export const loadDrafts = (cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/documents/drafts', { params: { query: { cursor } } }))

export const loadPublished = (q: string | undefined, cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/documents', { params: { query: { q, cursor } } }))

export const writeCard = (body: CardValues, key: string) =>
  tagged(cabinet.POST('/api/cabinet/documents', { body, params: { header: { 'Idempotency-Key': key } } }))

export const editCard = (id: string, etag: string, body: CardValues) =>
  tagged(cabinet.PUT('/api/cabinet/documents/{document_id}', { body, params: matched(id, etag) }))

export const loadVersions = (id: string) =>
  unwrap(cabinet.GET('/api/cabinet/documents/{document_id}/versions', { params: path(id) }))

export type Version = Awaited<ReturnType<typeof loadVersions>>['items'][number]

export interface VersionValues extends Record<string, unknown> {
  file_id: Kept | null
  in_force_from: string
  in_force_to: string
  is_material: boolean
  is_mandatory: boolean
  acknowledge_by: string
  note: string
}

/** A deadline is the end of that day in Moscow. */
export const draftVersion = (id: string, etag: string, values: VersionValues) => {
  const { file_id, in_force_to, is_mandatory, acknowledge_by, ...rest } = values
  const body = {
    ...rest,
    file_id: file_id!.file_id,
    in_force_to: in_force_to || null,
    is_mandatory,
    acknowledge_by: is_mandatory && acknowledge_by ? `${acknowledge_by}T23:59:00+03:00` : null,
  }
  return tagged(
    cabinet.POST('/api/cabinet/documents/{document_id}/versions', { body, params: matched(id, etag) }),
  )
}

export const publishVersion = (document_id: string, no: number, etag: string) =>
  tagged(
    cabinet.POST('/api/cabinet/documents/{document_id}/versions/{no}/publish', {
      params: { path: { document_id, no }, header: { 'If-Match': etag } },
    }),
  )

export const loadCounts = (id: string, cursor: string | undefined) =>
  unwrap(
    cabinet.GET('/api/cabinet/documents/{document_id}/acknowledgements/counts', {
      params: { ...path(id), query: { cursor } },
    }),
  )
