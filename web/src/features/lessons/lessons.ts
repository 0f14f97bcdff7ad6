import { cabinet, unwrap } from '../../api/client'
import { everyPage, MOST } from '../../api/everyPage'
import type { components } from '../../api/generated/cabinet'

type Schemas = components['schemas']
export type Line = Schemas['LessonLine']
export type Lesson = Schemas['LessonOut']
export type Class = Schemas['ClassOut']
export type Material = Schemas['MaterialOut']
export type Assignment = Schemas['AssignmentOut']
export type State = Lesson['state']
export type Plan = Schemas['OnlineLessonIn']

export const KEY = ['online-lessons'] as const
export const keyOf = (id: string) => [...KEY, id] as const

const of = (lesson_id: string) => ({ path: { lesson_id } })
/** The version that the caller has seen. */
const seen = ({ lesson_id, version }: Lesson) => ({
  ...of(lesson_id),
  header: { 'If-Match': `"${version}"` },
})

export const loadWeek = (week: string): Promise<Line[]> =>
  everyPage((cursor) =>
    unwrap(cabinet.GET('/api/cabinet/online-lessons', { params: { query: { week, cursor, limit: MOST } } })),
  )

export const load = (lesson_id: string) =>
  unwrap(cabinet.GET('/api/cabinet/online-lessons/{lesson_id}', { params: of(lesson_id) }))

export const plan = (body: Plan, key: string) =>
  unwrap(
    cabinet.POST('/api/cabinet/online-lessons', { body, params: { header: { 'Idempotency-Key': key } } }),
  )

export const change = (lesson: Lesson, body: Partial<Pick<Plan, 'title' | 'starts' | 'ends' | 'link'>>) =>
  unwrap(
    cabinet.PATCH('/api/cabinet/online-lessons/{lesson_id}', { body: body as never, params: seen(lesson) }),
  )

export const start = (lesson: Lesson) =>
  unwrap(cabinet.POST('/api/cabinet/online-lessons/{lesson_id}/start', { params: seen(lesson) }))

export const finish = (lesson: Lesson) =>
  unwrap(cabinet.POST('/api/cabinet/online-lessons/{lesson_id}/finish', { params: seen(lesson) }))

export const cancel = (lesson: Lesson, reason: string) =>
  unwrap(
    cabinet.POST('/api/cabinet/online-lessons/{lesson_id}/cancel', {
      body: { reason },
      params: seen(lesson),
    }),
  )

export const renewCode = (lesson: Lesson, class_id: string) => {
  const { path, header } = seen(lesson)
  const params = { path: { ...path, class_id }, header }
  return unwrap(cabinet.POST('/api/cabinet/online-lessons/{lesson_id}/codes/{class_id}', { params }))
}

export const addMaterial = (lesson_id: string, body: Schemas['MaterialIn'], key: string) =>
  unwrap(
    cabinet.POST('/api/cabinet/online-lessons/{lesson_id}/materials', {
      body,
      params: { ...of(lesson_id), header: { 'Idempotency-Key': key } },
    }),
  )

export const removeMaterial = (lesson_id: string, material_id: string) =>
  unwrap(
    cabinet.DELETE('/api/cabinet/online-lessons/{lesson_id}/materials/{material_id}', {
      params: { path: { lesson_id, material_id } },
    }),
  )

export const fileOf = (lesson_id: string, material_id: string) =>
  `/api/cabinet/online-lessons/${lesson_id}/materials/${material_id}/file`

export const setAssignment = (lesson_id: string, body: Schemas['AssignmentIn'], key: string) =>
  unwrap(
    cabinet.POST('/api/cabinet/online-lessons/{lesson_id}/assignments', {
      body,
      params: { ...of(lesson_id), header: { 'Idempotency-Key': key } },
    }),
  )

export const changeAssignment = (lesson_id: string, now: Assignment, body: Schemas['AssignmentIn']) =>
  unwrap(
    cabinet.PUT('/api/cabinet/online-lessons/{lesson_id}/assignments/{assignment_id}', {
      body,
      params: {
        path: { lesson_id, assignment_id: now.assignment_id },
        header: { 'If-Match': `"${now.version}"` },
      },
    }),
  )

export const removeAssignment = (lesson_id: string, assignment_id: string) =>
  unwrap(
    cabinet.DELETE('/api/cabinet/online-lessons/{lesson_id}/assignments/{assignment_id}', {
      params: { path: { lesson_id, assignment_id } },
    }),
  )

/** The address that pupils of a class open. */
export const joinLink = (code: string) => `${window.location.origin}/join/${code}`
