import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSession } from '../../api/session'
import { loadLeaves, loadLoads, loadSubstitutes, today } from './api'
import type { Journal } from './journal'

const WINDOW = 7 // days after a lesson in which its marks are the teacher's to change

export type WhyNot = 'foreign' | 'future' | 'closed' | 'window'

export interface May {
  /** Whether one gives lessons here, today or for long. */
  teaches: boolean
  /** Why the marks of a day may not be changed; null when they may. */
  whyNot: (date: string) => WhyNot | null
  /** Whether they may, with the head's leave and a reason. */
  isLate: (date: string) => boolean
}

function daysSince(date: string) {
  return (Date.parse(today()) - Date.parse(date)) / 86_400_000
}

interface Known {
  /** null as long as nobody can tell. */
  may: May | null
  error: unknown
  again: () => void
}

/** What one may change in a journal, by the rules of the server, which has the last word. */
export function useMay(of: { class: string; subject: string }, term: Journal['term'] | undefined): Known {
  const account_id = useSession()?.accountId ?? ''
  const taught = { class_id: of.class, subject_id: of.subject, account_id }
  const own = useQuery({
    queryKey: ['diary', 'may', taught, term?.term_id],
    queryFn: async () => {
      const term_id = term?.term_id
      const asked = [loadLoads(taught), loadSubstitutes(taught), loadLeaves({ account_id, term_id })] as const
      const [loads, substitutes, leaves] = await Promise.all(asked)
      const here = leaves.filter(
        (leave) =>
          [null, of.class].includes(leave.class_id) &&
          [null, of.subject].includes(leave.subject_id) &&
          today() <= leave.until,
      )
      return { teaches: loads.length > 0, substitutes, hasLeave: here.length > 0 }
    },
    enabled: term !== undefined,
  })
  const known = own.data
  const may = useMemo(() => {
    if (!known) return null
    const { teaches, substitutes, hasLeave } = known
    const gives = (date: string) =>
      teaches || substitutes.some((one) => one.since <= date && date <= one.until)
    return {
      teaches: gives(today()),
      whyNot: (date: string) => {
        if (!gives(date)) return 'foreign'
        if (date > today()) return 'future'
        if (term?.closed) return 'closed'
        return daysSince(date) > WINDOW && !hasLeave ? 'window' : null
      },
      isLate: (date: string) => daysSince(date) > WINDOW && hasLeave,
    }
  }, [known, term?.closed])
  return { may, error: known ? null : own.error, again: () => void own.refetch() }
}
