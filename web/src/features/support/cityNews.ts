import { cabinet, unwrap } from '../../api/client'

/** News that everybody may read, without signing in. */
export const loadCityNews = (cursor: string | undefined, limit?: number) =>
  unwrap(cabinet.GET('/api/cabinet/news/public', { params: { query: { cursor, limit } } }))

export type CityHeadline = Awaited<ReturnType<typeof loadCityNews>>['items'][number]

export const loadCityItem = (news_id: string) =>
  unwrap(cabinet.GET('/api/cabinet/news/public/{news_id}', { params: { path: { news_id } } }))
