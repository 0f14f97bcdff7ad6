import { useQuery } from '@tanstack/react-query'
import { cabinet, unwrap } from './client'

/** The cached count of what one has not read; whoever knows better sets it: `queries.setQueryData(UNREAD, 3)`. */
export const UNREAD = ['unread'] as const

export function useUnread(): number {
  const unread = useQuery({
    queryKey: UNREAD,
    queryFn: async () => {
      const asked = cabinet.GET('/api/cabinet/inbox', { params: { query: { limit: 1 } } })
      return (await unwrap(asked)).unread
    },
  })
  return unread.data ?? 0
}
