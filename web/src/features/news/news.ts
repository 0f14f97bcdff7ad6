import { cabinet, unwrap } from '../../api/client'

export type Whose = 'city' | 'school'

export const loadNews = (whose: Whose | undefined, cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/news', { params: { query: { whose, cursor } } }))

export type Headline = Awaited<ReturnType<typeof loadNews>>['items'][number]

/** Opening an item reads it. */
export const openItem = (news_id: string) =>
  unwrap(cabinet.GET('/api/cabinet/news/{news_id}', { params: { path: { news_id } } }))
