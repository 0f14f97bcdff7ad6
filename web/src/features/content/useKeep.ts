import { useQueryClient } from '@tanstack/react-query'
import type { Contest } from './contests'

/** Shows a contest as it is now, and lets the lists be read anew. */
export function useKeep() {
  const queries = useQueryClient()
  return (now: Contest) => {
    queries.setQueryData(['written-contest', now.contest_id], now)
    void queries.invalidateQueries({ queryKey: ['contests'] })
  }
}
