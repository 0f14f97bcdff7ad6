import { cabinet, unwrap } from './client'

/** A lesson of this day by the timetable; `lesson_id` once it is in the journal. */
export interface TodayLesson {
  class_id: string
  class: string
  subject_id: string
  subject: string
  number: number
  room: string | null
  replaces: boolean
  lesson_id: string | null
  topic: string | null
}

export const TODAY = ['today'] as const

export async function loadToday(): Promise<TodayLesson[]> {
  const asked = cabinet.GET('/api/cabinet/today')
  return ((await unwrap(asked)) as unknown as { lessons: TodayLesson[] }).lessons
}
