import { cabinet, unwrap } from '../../api/client'
import type { components } from '../../api/generated/cabinet'
import { Refused } from '../../api/problem'
import { tagged } from '../../api/tagged'

type Schemas = components['schemas']
export type Work = Schemas['WorkOut']
export type Pupil = Schemas['PupilSeen']
export type Grade = Schemas['GradeIn']
export interface Attendance {
  pupils: Pupil[]
  etag: string
}

export const worksKey = (lesson_id: string) => ['online-works', lesson_id] as const
export const attendanceKey = (lesson_id: string) => ['online-attendance', lesson_id] as const

const of = (lesson_id: string) => ({ path: { lesson_id } })
const seen = (lesson_id: string, { work_id, version }: Work) => ({
  path: { lesson_id, work_id },
  header: { 'If-Match': `"${version}"` },
})

export const loadWorks = (lesson_id: string, cursor: string | undefined) =>
  unwrap(
    cabinet.GET('/api/cabinet/online-lessons/{lesson_id}/hand-ins', {
      params: { ...of(lesson_id), query: { cursor, limit: 50 } },
    }),
  )

export const nameAuthor = (lesson_id: string, work: Work, pupil_id: string | null) =>
  unwrap(
    cabinet.PATCH('/api/cabinet/online-lessons/{lesson_id}/hand-ins/{work_id}', {
      body: { pupil_id },
      params: seen(lesson_id, work),
    }),
  )

export const removeWork = (lesson_id: string, work: Work) =>
  unwrap(
    cabinet.DELETE('/api/cabinet/online-lessons/{lesson_id}/hand-ins/{work_id}', {
      params: { path: { lesson_id, work_id: work.work_id } },
    }),
  )

export const markWork = (lesson_id: string, work: Work, body: Grade) =>
  unwrap(
    cabinet.PUT('/api/cabinet/online-lessons/{lesson_id}/hand-ins/{work_id}/grade', {
      body,
      params: seen(lesson_id, work),
    }),
  )

interface Cell {
  mark: number | null
  credit: boolean | null
  version: number
}

/** What stands in the journal already, when a mark was refused for it. */
export function standing(error: unknown): Cell | null {
  if (!(error instanceof Refused) || error.problem.status !== 412) return null
  const { cells } = (error.problem.current ?? {}) as { cells?: { current: Cell }[] }
  return cells?.[0]?.current ?? null
}

export const loadAttendance = (lesson_id: string): Promise<Attendance> =>
  tagged(cabinet.GET('/api/cabinet/online-lessons/{lesson_id}/attendance', { params: of(lesson_id) }))

export const saveAttendance = (
  lesson_id: string,
  pupils: { pupil_id: string; is_present: boolean }[],
  etag: string,
): Promise<Attendance> =>
  tagged(
    cabinet.PUT('/api/cabinet/online-lessons/{lesson_id}/attendance', {
      body: { pupils },
      params: { ...of(lesson_id), header: { 'If-Match': etag } },
    }),
  )
