import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useSession } from '../../api/session'
import { type Journal, journalKey, type Of } from './journal'
import type { May } from './may'
import { Sending } from './sending'
import { Sheet } from './sheet'
import { readUnsent, unsentKey } from './unsent'

/** The sheet of a journal while it is open: it follows the server, and the server follows it. */
export function useSheet(of: Of, journal: Journal, may: May) {
  const queries = useQueryClient()
  const account = useSession()?.accountId ?? ''
  const key = unsentKey(account, of)
  const [isAway, setAway] = useState(false)
  const [sheet] = useState(() => {
    const made = new Sheet()
    made.load(journal)
    made.resume(readUnsent(key))
    return made
  })
  useEffect(() => sheet.load(journal), [sheet, journal])
  useEffect(() => {
    const dates = new Map(journal.lessons.map(({ lesson_id, date }) => [lesson_id, date]))
    sheet.judge((lesson_id) => may.isLate(dates.get(lesson_id) ?? ''))
  }, [sheet, journal, may])
  const { class: of_class, subject, term } = of
  useEffect(() => {
    const again = () =>
      void queries.invalidateQueries({ queryKey: journalKey({ class: of_class, subject, term }) })
    return new Sending(sheet, key, setAway, again).start()
  }, [sheet, key, queries, of_class, subject, term])
  return { sheet, isAway }
}
