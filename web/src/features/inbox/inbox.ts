import { cabinet, unwrap } from '../../api/client'

export const loadInbox = (unread: boolean, cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/inbox', { params: { query: { unread, cursor } } }))

export type Item = Awaited<ReturnType<typeof loadInbox>>['items'][number]

export const markRead = (notice_id: string) =>
  unwrap(cabinet.POST('/api/cabinet/inbox/{notice_id}/read', { params: { path: { notice_id } } }))

export const markAllRead = () => unwrap(cabinet.POST('/api/cabinet/inbox/read-all'))
