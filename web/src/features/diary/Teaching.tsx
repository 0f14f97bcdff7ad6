import { Select, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { date } from '../../ui/dates'
import { byName, loadLeaves, loadLoads, loadSubstitutes, loadTimetable, today } from './api'
import { type School, useSchool } from './setup'
import { ComesFirst, SetupList } from './SetupList'

const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7']

/** The class, the subject and the teacher of a form, or what has to be there first. */
function useTaught(school: School) {
  const { t } = useTranslation('diary')
  const class_id = { name: 'class_id', label: t('class-name'), choices: school.choices.classes, again: true }
  const subject_id = { name: 'subject_id', label: t('subject'), choices: school.choices.subjects }
  const account_id = {
    name: 'account_id',
    label: t('teacher'),
    choices: school.choices.teachers,
    again: true,
  }
  const hasAll = school.classes.length > 0 && school.choices.subjects.length > 0
  const first = school.classes.length === 0 ? 'classes' : 'subjects'
  const missing = school.known.isPending ? (
    <Skeleton h={240} />
  ) : hasAll ? undefined : (
    <ComesFirst step={first} />
  )
  return { class_id, subject_id, account_id, missing }
}

export function Loads() {
  const { t } = useTranslation('diary')
  const school = useSchool()
  const { class_id, subject_id, account_id, missing } = useTaught(school)
  return (
    <SetupList
      kind="loads"
      queryKey={['loads']}
      load={() => loadLoads()}
      idOf={(one) => one.load_id}
      nameOf={(one) => `${school.class_(one.class_id)}, ${school.subject(one.subject_id)}`}
      sort={(one, other) =>
        byName({ name: school.class_(one.class_id) }, { name: school.class_(other.class_id) }) ||
        school.subject(one.subject_id).localeCompare(school.subject(other.subject_id), 'ru')
      }
      missing={missing}
      columns={[
        { name: t('class-name'), cell: (one) => school.class_(one.class_id) },
        { name: t('subject'), cell: (one) => school.subject(one.subject_id) },
        { name: t('teacher'), cell: (one) => school.teacher(one.account_id) },
      ]}
      fields={[class_id, subject_id, account_id]}
    />
  )
}

export function Timetable() {
  const { t } = useTranslation('diary')
  const school = useSchool()
  const [chosen, setChosen] = useState<string | null>(null)
  const { subject_id, missing } = useTaught(school)
  const of = chosen ?? school.classes[0]?.class_id ?? ''
  const weekdays = WEEKDAYS.map((value) => ({ value, label: t(`weekday.${value}`) }))
  return (
    <SetupList
      kind="timetable"
      queryKey={['timetable', of]}
      load={() => (of ? loadTimetable({ class_id: of }) : Promise.resolve([]))}
      idOf={(one) => one.slot_id}
      nameOf={(one) => `${t(`weekday.${one.weekday}`)}, ${one.number}`}
      sort={(one, other) => one.weekday - other.weekday || one.number - other.number}
      missing={missing}
      above={<ClassChoice school={school} of={of} choose={setChosen} />}
      columns={[
        { name: t('weekday.label'), cell: (one) => t(`weekday.${one.weekday}`) },
        { name: t('number'), cell: (one) => one.number },
        { name: t('subject'), cell: (one) => school.subject(one.subject_id) },
        { name: t('room'), cell: (one) => one.room ?? '—' },
      ]}
      fields={[
        {
          name: 'class_id',
          label: t('class-name'),
          choices: school.choices.classes,
          initial: of,
          again: true,
        },
        { name: 'weekday', label: t('weekday.label'), choices: weekdays, kind: 'number', again: true },
        { name: 'number', label: t('number'), kind: 'number' },
        subject_id,
        { name: 'room', label: t('room'), isOptional: true },
      ]}
    />
  )
}

interface ClassChoiceProps {
  school: School
  of: string
  choose: (class_id: string) => void
}

export function ClassChoice({ school, of, choose }: ClassChoiceProps) {
  const { t } = useTranslation('diary')
  return (
    <Select
      label={t('class-name')}
      maw={240}
      data={school.choices.classes}
      value={of}
      allowDeselect={false}
      searchable
      onChange={(value) => value && choose(value)}
    />
  )
}

export function Substitutes() {
  const { t } = useTranslation('diary')
  const school = useSchool()
  const { class_id, subject_id, account_id, missing } = useTaught(school)
  return (
    <SetupList
      kind="substitutes"
      queryKey={['substitutes']}
      load={() => loadSubstitutes()}
      idOf={(one) => one.substitute_id}
      nameOf={(one) => `${school.class_(one.class_id)}, ${school.subject(one.subject_id)}`}
      sort={(one, other) => other.since.localeCompare(one.since)}
      missing={missing}
      columns={[
        { name: t('days'), cell: (one) => `${date(one.since)} – ${date(one.until)}` },
        { name: t('class-name'), cell: (one) => school.class_(one.class_id) },
        { name: t('subject'), cell: (one) => school.subject(one.subject_id) },
        { name: t('replacer'), cell: (one) => school.teacher(one.account_id) },
      ]}
      fields={[
        class_id,
        subject_id,
        { ...account_id, label: t('replacer') },
        { name: 'since', label: t('since'), kind: 'date', initial: today() },
        { name: 'until', label: t('until'), kind: 'date', initial: today() },
      ]}
    />
  )
}

export function Leaves() {
  const { t } = useTranslation('diary')
  const school = useSchool()
  const any = (name: string) => (name === '—' ? t('any') : name)
  return (
    <SetupList
      kind="leaves"
      queryKey={['leaves']}
      load={() => loadLeaves()}
      idOf={(one) => one.leave_id}
      nameOf={(one) => school.teacher(one.account_id)}
      sort={(one, other) => other.until.localeCompare(one.until)}
      missing={school.known.isPending || school.terms.length ? undefined : <ComesFirst step="terms" />}
      columns={[
        { name: t('teacher'), cell: (one) => school.teacher(one.account_id) },
        { name: t('term'), cell: (one) => school.term(one.term_id) },
        {
          name: t('leave-where'),
          cell: (one) => `${any(school.class_(one.class_id))}, ${any(school.subject(one.subject_id))}`,
        },
        { name: t('leave-until'), cell: (one) => date(one.until) },
        { name: t('reason'), cell: (one) => one.reason },
      ]}
      fields={[
        { name: 'account_id', label: t('teacher'), choices: school.choices.teachers },
        { name: 'term_id', label: t('term'), choices: school.choices.terms, again: true },
        {
          name: 'class_id',
          label: t('class-name'),
          hint: t('leave-any'),
          choices: school.choices.classes,
          isOptional: true,
        },
        {
          name: 'subject_id',
          label: t('subject'),
          hint: t('leave-any'),
          choices: school.choices.subjects,
          isOptional: true,
        },
        { name: 'until', label: t('leave-until'), kind: 'date', initial: today() },
        { name: 'reason', label: t('reason'), kind: 'long', again: true },
      ]}
    />
  )
}
