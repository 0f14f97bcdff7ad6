import { cabinet, unwrap } from '../../api/client'
import { tagged } from '../../api/tagged'
import { type AudienceValues, EVERYBODY } from '../../ui/audience/audience'

export const STATES = ['draft', 'scheduled', 'published', 'archived'] as const
export type State = (typeof STATES)[number]

export interface NewsValues extends Record<string, unknown> {
  title: string
  body: string
  pinned: boolean
  /** Strangers read it too, on the first page. */
  is_public: boolean
  audience: AudienceValues
}

export const EMPTY: NewsValues = { title: '', body: '', pinned: false, is_public: false, audience: EVERYBODY }

export const loadWritten = (state: State | undefined, cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/news/written', { params: { query: { state, cursor } } }))

const path = (news_id: string) => ({ path: { news_id } })
const matched = (news_id: string, etag: string) => ({ ...path(news_id), header: { 'If-Match': etag } })

export const loadNews = (id: string) =>
  tagged(cabinet.GET('/api/cabinet/news/written/{news_id}', { params: path(id) }))

export type News = Awaited<ReturnType<typeof loadNews>>

export const loadCounts = (id: string) =>
  unwrap(cabinet.GET('/api/cabinet/news/written/{news_id}/counts', { params: path(id) }))

export const writeNews = (body: NewsValues, key: string) =>
  tagged(cabinet.POST('/api/cabinet/news', { body, params: { header: { 'Idempotency-Key': key } } }))

export const editNews = (id: string, etag: string, body: NewsValues) =>
  tagged(cabinet.PUT('/api/cabinet/news/{news_id}', { body, params: matched(id, etag) }))

export const schedule = (id: string, etag: string, publish_at: string) =>
  tagged(
    cabinet.POST('/api/cabinet/news/{news_id}/schedule', { body: { publish_at }, params: matched(id, etag) }),
  )

export const STEPS = {
  publish: (id: string, etag: string) =>
    tagged(cabinet.POST('/api/cabinet/news/{news_id}/publish', { params: matched(id, etag) })),
  withdraw: (id: string, etag: string) =>
    tagged(cabinet.POST('/api/cabinet/news/{news_id}/withdraw', { params: matched(id, etag) })),
  archive: (id: string, etag: string) =>
    tagged(cabinet.POST('/api/cabinet/news/{news_id}/archive', { params: matched(id, etag) })),
}
export type Step = keyof typeof STEPS
