import { useQuery } from '@tanstack/react-query'
import { cabinet, unwrap } from '../../api/client'
import { loadToday, TODAY } from '../../api/today'
import { loadWorkplace } from '../../api/workplace'

export interface Task {
  key: string
  title: string
  page: string
  due: string | null
}

/** What waits for the person: documents to acknowledge, and notices that set a deadline or a task. */
export function useTasks() {
  return useQuery({
    queryKey: ['tasks'],
    queryFn: async (): Promise<Task[]> => {
      const query = { asked: true, limit: 50 }
      const documents = unwrap(cabinet.GET('/api/cabinet/documents', { params: { query } }))
      const inbox = unwrap(cabinet.GET('/api/cabinet/inbox', { params: { query: { limit: 200 } } }))
      const asked = (await documents).items.map((one) => ({
        key: one.document_id,
        title: one.title,
        page: `/documents/${one.document_id}`,
        due: one.acknowledge_by,
      }))
      const known = new Set(asked.map((one) => one.key))
      const told = (await inbox).items
        .filter((one) => (one.due ? Date.parse(one.due) > Date.now() : one.kind === 'task' && !one.is_read))
        .filter((one) => one.kind !== 'document' && !known.has(one.about))
        .map(({ notice_id, title, page, due }) => ({ key: notice_id, title, page, due }))
      return [...asked, ...told].sort((one, other) => (one.due ?? '9').localeCompare(other.due ?? '9'))
    },
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
