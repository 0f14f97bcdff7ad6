import { cabinet, unwrap } from '../../api/client'
import { type Cell, EMPTY, type Kept } from './cells'

export interface SheetPupil {
  pupil_id: string
  last_name: string
  first_name: string
  since: string
  until: string | null
  average: number | null
  final: { mark: number | null; credit: boolean | null; version: number } | null
}

export interface SheetLesson {
  lesson_id: string
  date: string
  number: number
  topic: string | null
  version: number
  cells: Record<string, Partial<Cell> & { version: number }>
}

/** GET /cabinet/journal. */
export interface Journal {
  class: { class_id: string; name: string; year: number }
  subject: { subject_id: string; name: string }
  term: { term_id: string; name: string; starts: string; ends: string; closed: boolean }
  rounding: string
  pupils: SheetPupil[]
  lessons: SheetLesson[]
}

export interface Of {
  class: string
  subject: string
  term: string
}

export const journalKey = (of: Of) => ['journal', of.class, of.subject, of.term]
const query = (of: Of) => ({ class_id: of.class, subject_id: of.subject, term_id: of.term })

export async function loadJournal(of: Of): Promise<Journal> {
  const asked = cabinet.GET('/api/cabinet/journal', { params: { query: query(of) } })
  return (await unwrap(asked)) as unknown as Journal
}

export const sheetPath = (of: Of) => `/api/cabinet/journal.html?${new URLSearchParams(query(of))}`

/** A cell that is sent, over the version that was seen. */
export interface Entry extends Cell {
  pupil_id: string
  version: number
}

/** Cells of one lesson that are saved together; `reason` is why so late. */
export interface Column {
  lesson_id: string
  entries: Entry[]
  reason: string | null
}

export async function saveColumn({ lesson_id, entries, reason }: Column) {
  const asked = cabinet.PUT('/api/cabinet/lessons/{lesson_id}/marks', {
    params: { path: { lesson_id } },
    body: { marks: entries, reason },
  })
  const { changed } = (await unwrap(asked)) as unknown as { changed: (Entry & { lesson_id: string })[] }
  return changed
}

/** What another try may mend: no network, a server that is down or busy, a session that has to be renewed. */
export const isPassing = (status: number) => [0, 401, 429].includes(status) || status >= 500

export interface Change {
  version: number
  at: string
  old: Partial<Cell>
  new: Partial<Cell>
  reason: string | null
  author: { name: string | null }
}

export async function loadHistory(lesson_id: string, pupil_id: string): Promise<Change[]> {
  const path = { lesson_id, pupil_id }
  const asked = cabinet.GET('/api/cabinet/lessons/{lesson_id}/marks/{pupil_id}/history', {
    params: { path, query: { limit: 50 } },
  })
  return ((await unwrap(asked)) as unknown as { items: Change[] }).items
}

/** Cells say only what they have. */
export const whole = (cell: Partial<Cell> & { version: number }): Kept => ({ ...EMPTY, ...cell })
