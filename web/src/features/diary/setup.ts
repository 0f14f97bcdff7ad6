import { useQuery } from '@tanstack/react-query'
import { fullName } from '../../ui/names'
import {
  byName,
  loadClasses,
  loadLoads,
  loadPupils,
  loadSubjects,
  loadTeachers,
  loadTerms,
  loadTimetable,
  schoolYear,
  today,
} from './api'

/** What has to be there before the first lesson, in this order; then what is needed now and then. */
export const STEPS = ['terms', 'classes', 'subjects', 'loads', 'pupils', 'timetable'] as const
export const LATER = ['substitutes', 'leaves', 'rollover'] as const

export interface Choice {
  value: string
  label: string
}

/** Everything that a setup form names other rows by. */
export function useSchool() {
  const known = useQuery({
    queryKey: ['diary', 'school'],
    queryFn: async () => {
      const asked = [loadTerms(), loadClasses(), loadSubjects(), loadTeachers()] as const
      const [terms, classes, subjects, teachers] = await Promise.all(asked)
      return { terms, classes, subjects, teachers }
    },
  })
  const { terms = [], classes = [], subjects = [], teachers = [] } = known.data ?? {}
  const year = Math.max(schoolYear(today()), ...classes.map((one) => one.year))
  const now = classes.filter((one) => one.year === year).sort(byName)
  const named = (list: Choice[]) => (id: string | null) =>
    list.find(({ value }) => value === id)?.label ?? '—'
  const choices = {
    terms: terms.map(({ term_id, name, year: of }) => ({ value: term_id, label: `${name} ${of}/${of + 1}` })),
    classes: now.map(({ class_id, name }) => ({ value: class_id, label: name })),
    subjects: subjects.map(({ subject_id, name }) => ({ value: subject_id, label: name })),
    teachers: teachers.map((one) => ({ value: one.account_id, label: fullName(one) })),
  }
  return {
    known,
    year,
    terms,
    classes: now,
    choices,
    term: named(choices.terms),
    class_: named(classes.map(({ class_id, name }) => ({ value: class_id, label: name }))),
    subject: named(choices.subjects),
    teacher: named(choices.teachers),
  }
}

export type School = ReturnType<typeof useSchool>

/** How far a school has come: which of the steps are done, and the first that is not. */
export function useProgress(school: School) {
  const loads = useQuery({ queryKey: ['diary', 'loads'], queryFn: () => loadLoads() })
  const first = school.classes[0]?.class_id
  const pupils = useQuery({
    queryKey: ['diary', 'pupils', first],
    queryFn: () => loadPupils(first!),
    enabled: first !== undefined,
  })
  const slots = useQuery({ queryKey: ['diary', 'slots'], queryFn: () => loadTimetable() })
  const done: Record<string, boolean> = {
    terms: school.terms.length > 0,
    classes: school.classes.length > 0,
    subjects: school.choices.subjects.length > 0,
    loads: (loads.data?.length ?? 0) > 0,
    pupils: (pupils.data?.length ?? 0) > 0,
    timetable: (slots.data?.length ?? 0) > 0,
  }
  const isPending = school.known.isPending || loads.isPending || slots.isPending || pupils.isLoading
  return { done, isPending, next: isPending ? undefined : STEPS.find((step) => !done[step]) }
}
