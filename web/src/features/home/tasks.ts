import { useQuery } from '@tanstack/react-query'
import { cabinet, unwrap } from '../../api/client'
import { useSession } from '../../api/session'
import { loadTasks } from '../../api/tasks'
import { loadToday, TODAY } from '../../api/today'
import { loadWorkplace } from '../../api/workplace'

/** What waits for the person; the workplace has a place of its own on the page. */
export function useTasks() {
  const category = useSession()?.category
  return useQuery({
    queryKey: ['tasks', 'all', category],
    queryFn: async () => (await loadTasks(category)).filter(({ page }) => page !== '/welcome'),
  })
}

export const useToday = () => useQuery({ queryKey: TODAY, queryFn: loadToday })

export const useNewest = () =>
  useQuery({
    queryKey: ['inbox-newest'],
    queryFn: async () => {
      const asked = cabinet.GET('/api/cabinet/inbox', { params: { query: { limit: 20 } } })
      const { items, unread } = await unwrap(asked)
      return { items: items.filter((one) => !one.is_read).slice(0, 3), unread }
    },
  })

export const useWorkplace = () => useQuery({ queryKey: ['workplace'], queryFn: loadWorkplace })
