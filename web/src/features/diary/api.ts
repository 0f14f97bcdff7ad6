import { cabinet, unwrap } from '../../api/client'
import type { Kept } from '../../ui/files/kept'

export interface Term {
  term_id: string
  version: number
  year: number
  name: string
  starts: string
  ends: string
  grade_from: number
  grade_to: number
  closed: boolean
}

export interface SchoolClass {
  class_id: string
  version: number
  name: string
  year: number
  teacher_id: string | null
}

export interface Subject {
  subject_id: string
  version: number
  name: string
}

export interface Load {
  load_id: string
  version: number
  class_id: string
  subject_id: string
  account_id: string
}

export interface Substitute extends Omit<Load, 'load_id'> {
  substitute_id: string
  since: string
  until: string
}

export interface Leave {
  leave_id: string
  version: number
  account_id: string
  term_id: string
  class_id: string | null
  subject_id: string | null
  until: string
  reason: string
}

export interface Slot {
  slot_id: string
  version: number
  class_id: string
  subject_id: string
  weekday: number
  number: number
  room: string | null
}

export interface Teacher {
  account_id: string
  last_name: string
  first_name: string
  patronymic: string | null
  post: string | null
}

export interface ClassPupil {
  pupil_id: string
  version: number
  last_name: string
  first_name: string
  patronymic: string | null
  birthday: string | null
  since: string
  until: string | null
}

export interface Lesson {
  lesson_id: string
  class_id: string
  subject_id: string
  date: string
  number: number
  topic: string | null
  homework: string | null
  homework_due: string | null
  /** Files of the homework. */
  attached: Kept[]
  version: number
}

interface Slice<Row> {
  items: Row[]
  next: string | null
}

const MOST = 200 // rows of a page, the most that the server gives

/** All pages of a list of the school, which has some hundreds of rows at most. */
async function all<Row>(ask: (page: { limit: number; cursor?: string }) => Promise<unknown>): Promise<Row[]> {
  const found: Row[] = []
  let cursor: string | undefined
  do {
    const slice = (await ask({ limit: MOST, cursor })) as Slice<Row>
    found.push(...slice.items)
    cursor = slice.next ?? undefined
  } while (cursor)
  return found
}

export const loadTerms = () =>
  all<Term>((page) => unwrap(cabinet.GET('/api/cabinet/terms', { params: { query: page } })))
export const loadClasses = () =>
  all<SchoolClass>((page) => unwrap(cabinet.GET('/api/cabinet/classes', { params: { query: page } })))
export const loadSubjects = () =>
  all<Subject>((page) => unwrap(cabinet.GET('/api/cabinet/subjects', { params: { query: page } })))
export const loadTeachers = () =>
  all<Teacher>((page) => unwrap(cabinet.GET('/api/cabinet/teachers', { params: { query: page } })))

type Taught = Partial<Record<'class_id' | 'subject_id' | 'account_id', string>>

export const loadLoads = (of: Taught = {}) =>
  all<Load>((page) => unwrap(cabinet.GET('/api/cabinet/loads', { params: { query: { ...of, ...page } } })))
export const loadSubstitutes = (of: Taught = {}) =>
  all<Substitute>((page) =>
    unwrap(cabinet.GET('/api/cabinet/substitutes', { params: { query: { ...of, ...page } } })),
  )
export const loadLeaves = (of: { account_id?: string; term_id?: string } = {}) =>
  all<Leave>((page) => unwrap(cabinet.GET('/api/cabinet/leaves', { params: { query: { ...of, ...page } } })))
export const loadTimetable = (of: { class_id?: string } = {}) =>
  all<Slot>((page) =>
    unwrap(cabinet.GET('/api/cabinet/timetable', { params: { query: { ...of, ...page } } })),
  )
export const loadPupils = (class_id: string) =>
  all<ClassPupil>((page) =>
    unwrap(
      cabinet.GET('/api/cabinet/classes/{class_id}/pupils', {
        params: { path: { class_id }, query: page },
      }),
    ),
  )

/** Where the files of a lesson's homework are. */
export const filesOf = (lesson_id: string) => `/api/cabinet/lessons/${lesson_id}/files`

export const loadLesson = (lesson_id: string) =>
  unwrap(
    cabinet.GET('/api/cabinet/lessons/{lesson_id}', { params: { path: { lesson_id } } }),
  ) as unknown as Promise<Lesson>

/** Kinds of rows that a head sets up; all have the same routes. */
export type Kind = 'terms' | 'classes' | 'subjects' | 'loads' | 'timetable' | 'substitutes' | 'leaves'

// One kind stands for all: their bodies are checked by the server, field by field
const list = (kind: Kind) => `/api/cabinet/${kind}` as '/api/cabinet/subjects'
const one = (kind: Kind) => `/api/cabinet/${kind}/{row_id}` as '/api/cabinet/subjects/{row_id}'

export const addRow = (kind: Kind, body: object, key: string) =>
  unwrap(cabinet.POST(list(kind), { body: body as never, params: { header: { 'Idempotency-Key': key } } }))

export const changeRow = (kind: Kind, row_id: string, version: number, body: object) =>
  unwrap(
    cabinet.PATCH(one(kind), {
      body: body as never,
      params: { path: { row_id }, header: { 'If-Match': `"${version}"` } },
    }),
  )

export const removeRow = (kind: Kind, row_id: string, version: number) =>
  unwrap(cabinet.DELETE(one(kind), { params: { path: { row_id }, header: { 'If-Match': `"${version}"` } } }))

const IN_MOSCOW = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Moscow' }) // made once: it costs more than its use

/** The day in Moscow, 2026-11-25. */
export const today = () => IN_MOSCOW.format(new Date())

/** The year in which the school year of a day begins. */
export const schoolYear = (day: string) => Number(day.slice(0, 4)) - (day.slice(5) < '09-01' ? 1 : 0)

export const gradeOf = (name: string) => Number.parseInt(name, 10)

/** `5А` before `10Б`. */
export const byName = (one: { name: string }, other: { name: string }) =>
  gradeOf(one.name) - gradeOf(other.name) || one.name.localeCompare(other.name, 'ru')

/** The terms of a class, in their order, and the one that goes on, or began last. */
export function termsOf(terms: Term[], of: SchoolClass): { terms: Term[]; now: Term | undefined } {
  const grade = gradeOf(of.name)
  const own = terms
    .filter((term) => term.year === of.year && term.grade_from <= grade && grade <= term.grade_to)
    .sort((one, other) => one.starts.localeCompare(other.starts))
  return { terms: own, now: own.findLast((term) => term.starts <= today()) ?? own[0] }
}
