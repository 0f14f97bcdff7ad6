import { cabinet, unwrap } from '../../api/client'
import { today } from '../../ui/dates'

export type Show = 'in-force' | 'asked'

export interface Filters {
  q?: string
  specialty?: string
  show?: Show
}

export const loadDocuments = ({ q, specialty, show }: Filters, cursor: string | undefined) => {
  const query = { q, specialty, in_force: show === 'in-force', asked: show === 'asked', cursor }
  return unwrap(cabinet.GET('/api/cabinet/documents', { params: { query } }))
}

export type Shown = Awaited<ReturnType<typeof loadDocuments>>['items'][number]

const at = (document_id: string) => ({ params: { path: { document_id } } })

export const loadDocument = (id: string) =>
  unwrap(cabinet.GET('/api/cabinet/documents/{document_id}', at(id)))

export const loadVersions = (id: string) =>
  unwrap(cabinet.GET('/api/cabinet/documents/{document_id}/versions', at(id)))

export type Version = Awaited<ReturnType<typeof loadVersions>>['items'][number]

export const loadText = (document_id: string, no: number, cursor: string | undefined) =>
  unwrap(
    cabinet.GET('/api/cabinet/documents/{document_id}/versions/{no}/text', {
      params: { path: { document_id, no }, query: { cursor, limit: 10 } },
    }),
  )

export const acknowledge = (id: string, version: number) =>
  unwrap(
    cabinet.POST('/api/cabinet/documents/{document_id}/acknowledgement', { ...at(id), body: { version } }),
  )

const PAGE = 200
const MOST = 5_000 // people; the largest school has a few hundred

/** Everybody of the own school, for a matrix that is not whole tells nothing. */
export async function loadSignatures(document_id: string) {
  const found = []
  let cursor: string | undefined
  do {
    const { items, next } = await unwrap(
      cabinet.GET('/api/cabinet/documents/{document_id}/acknowledgements', {
        params: { path: { document_id }, query: { cursor, limit: PAGE } },
      }),
    )
    found.push(...items)
    cursor = next ?? undefined
  } while (cursor && found.length < MOST)
  return found
}

export type Signature = Awaited<ReturnType<typeof loadSignatures>>[number]

/** Whether it binds today. */
export function forceOf({ in_force_from, in_force_to }: Pick<Shown, 'in_force_from' | 'in_force_to'>) {
  if (in_force_from > today()) return 'soon'
  return in_force_to && in_force_to < today() ? 'over' : 'now'
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" }

/** The marked pieces of what the server has escaped, as plain texts: what was found stands at every second place. */
export const piecesOf = (found: string) =>
  found
    .split(/<\/?mark>/)
    .map((piece) => piece.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => ENTITIES[name]!))
