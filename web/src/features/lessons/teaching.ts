import { cabinet, unwrap } from '../../api/client'

export interface Taught {
  subject_id: string
  subject: string
  classes: { class_id: string; name: string }[]
}

const limit = 200
interface Place {
  class_id: string
  subject_id: string
}
interface Pages {
  items: unknown[]
  next: string | null
}

async function all<Row>(load: (cursor: string | undefined) => Promise<unknown>): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const page = (await load(cursor)) as Pages
    rows.push(...(page.items as Row[]))
    cursor = page.next ?? undefined
  } while (cursor)
  return rows
}

/** What an account teaches, or replaces somebody in: subjects by name, each with its classes. */
export async function loadTaught(account_id: string): Promise<Taught[]> {
  const mine = (cursor: string | undefined) => ({ params: { query: { account_id, limit, cursor } as never } })
  const any = (cursor: string | undefined) => ({ params: { query: { limit, cursor } as never } })
  const [loads, replacing, classes, subjects] = await Promise.all([
    all<Place>((cursor) => unwrap(cabinet.GET('/api/cabinet/loads', mine(cursor)))),
    all<Place>((cursor) => unwrap(cabinet.GET('/api/cabinet/substitutes', mine(cursor)))),
    all<{ class_id: string; name: string }>((cursor) =>
      unwrap(cabinet.GET('/api/cabinet/classes', any(cursor))),
    ),
    all<{ subject_id: string; name: string }>((cursor) =>
      unwrap(cabinet.GET('/api/cabinet/subjects', any(cursor))),
    ),
  ])
  const places = [...loads, ...replacing]
  const isTaught = (subject_id: string) => places.some((one) => one.subject_id === subject_id)
  return subjects
    .filter(({ subject_id }) => isTaught(subject_id))
    .map(({ subject_id, name }) => ({
      subject_id,
      subject: name,
      classes: classes
        .filter((one) =>
          places.some((place) => place.subject_id === subject_id && place.class_id === one.class_id),
        )
        .sort((one, other) => one.name.localeCompare(other.name, 'ru', { numeric: true })),
    }))
    .sort((one, other) => one.subject.localeCompare(other.subject, 'ru'))
}
