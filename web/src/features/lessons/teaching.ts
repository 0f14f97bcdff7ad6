import { cabinet, unwrap } from '../../api/client'
import { everyPage, MOST } from '../../api/everyPage'
import { today } from '../../ui/dates'

export interface Taught {
  subject_id: string
  subject: string
  classes: Class[]
}

interface Place {
  class_id: string
  subject_id: string
  until?: string
}

interface Class {
  class_id: string
  name: string
  year: number
}

interface Subject {
  subject_id: string
  name: string
}

const FIRST_MONTH = 9 // of a school year

/** All rows of a kind that a head sets up. What they hold is not described by the interface. */
function every<Row>(path: '/api/cabinet/loads', account_id?: string): Promise<Row[]> {
  return everyPage(async (cursor) => {
    const query = { account_id, cursor, limit: MOST }
    return (await unwrap(cabinet.GET(path, { params: { query } }))) as unknown as {
      items: Row[]
      next: string | null
    }
  })
}

/** What an account teaches this year, or replaces somebody in: subjects by name, each with its classes. */
export async function loadTaught(account_id: string): Promise<Taught[]> {
  const [loads, replacing, classes, subjects] = await Promise.all([
    every<Place>('/api/cabinet/loads', account_id),
    every<Place>('/api/cabinet/substitutes' as '/api/cabinet/loads', account_id),
    every<Class>('/api/cabinet/classes' as '/api/cabinet/loads'),
    every<Subject>('/api/cabinet/subjects' as '/api/cabinet/loads'),
  ])
  const places = [...loads, ...replacing].filter(({ until }) => until === undefined || until >= today())
  const year = schoolYear(today())
  return subjects
    .map(({ subject_id, name }) => {
      const of = new Set(
        places.filter((one) => one.subject_id === subject_id).map(({ class_id }) => class_id),
      )
      const own = classes.filter((one) => of.has(one.class_id) && one.year >= year)
      return { subject_id, subject: name, classes: own.sort(byName) }
    })
    .filter((one) => one.classes.length > 0)
    .sort((one, other) => one.subject.localeCompare(other.subject, 'ru'))
}

const byName = (one: Class, other: Class) => one.name.localeCompare(other.name, 'ru', { numeric: true })

/** The year in which the school year of a day began. */
const schoolYear = (day: string) => Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) < FIRST_MONTH ? 1 : 0)
