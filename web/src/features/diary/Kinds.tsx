import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { idempotencyKey } from '../../api/client'
import { date } from '../../ui/dates'
import { Trouble } from '../../ui/Trouble'
import { addRow, byName, loadClasses, loadSubjects, loadTerms } from './api'
import { useSchool } from './setup'
import { SetupList } from './SetupList'

/** Quarters as most schools have them: month and day from and to, the later two of the next year. */
const QUARTERS = [
  ['09-01', '10-25', 0],
  ['11-05', '12-30', 0],
  ['01-11', '03-21', 1],
  ['03-30', '05-26', 1],
] as const

export function Terms() {
  const { t } = useTranslation('diary')
  const school = useSchool()
  const year = { value: String(school.year), label: `${school.year}/${school.year + 1}` }
  const next = { value: String(school.year + 1), label: `${school.year + 1}/${school.year + 2}` }
  return (
    <SetupList
      kind="terms"
      queryKey={['terms']}
      load={loadTerms}
      idOf={(one) => one.term_id}
      nameOf={(one) => one.name}
      sort={(one, other) => other.year - one.year || one.starts.localeCompare(other.starts)}
      above={school.terms.length === 0 && !school.known.isPending && <Quarters year={school.year} />}
      columns={[
        { name: t('name'), cell: (one) => one.name },
        { name: t('days'), cell: (one) => `${date(one.starts)} – ${date(one.ends)}` },
        { name: t('grades'), cell: (one) => `${one.grade_from}–${one.grade_to}` },
        { name: t('state'), cell: (one) => t(one.closed ? 'term-is-closed' : 'term-is-open') },
      ]}
      fields={[
        { name: 'name', label: t('name'), hint: t('term-name-hint') },
        {
          name: 'year',
          label: t('school-year'),
          choices: [year, next],
          initial: year.value,
          kind: 'number',
          again: true,
        },
        { name: 'starts', label: t('starts'), kind: 'date' },
        { name: 'ends', label: t('ends'), kind: 'date' },
        { name: 'grade_from', label: t('grade-from'), kind: 'number', initial: '1', again: true },
        { name: 'grade_to', label: t('grade-to'), kind: 'number', initial: '11', again: true },
        { name: 'closed', label: t('term-close'), hint: t('term-close-hint'), kind: 'flag' },
      ]}
    />
  )
}

/** The four usual quarters at once; their days are changed afterwards. */
function Quarters({ year }: { year: number }) {
  const { t } = useTranslation('diary')
  const queries = useQueryClient()
  const make = useMutation({
    mutationFn: async () => {
      for (const [place, [from, to, later]] of QUARTERS.entries()) {
        const days = { starts: `${year + later}-${from}`, ends: `${year + later}-${to}` }
        const body = { name: t('quarter', { no: place + 1 }), year, ...days, grade_from: 1, grade_to: 11 }
        await addRow('terms', body, idempotencyKey())
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['diary'] }),
  })
  return (
    <>
      <Button variant="light" w="fit-content" loading={make.isPending} onClick={() => make.mutate()}>
        {t('quarters-make')}
      </Button>
      {make.isError && <Trouble error={make.error} />}
    </>
  )
}

export function Classes() {
  const { t } = useTranslation('diary')
  const school = useSchool()
  return (
    <SetupList
      kind="classes"
      queryKey={['classes']}
      load={loadClasses}
      idOf={(one) => one.class_id}
      nameOf={(one) => one.name}
      sort={(one, other) => other.year - one.year || byName(one, other)}
      columns={[
        { name: t('class-name'), cell: (one) => one.name },
        { name: t('school-year'), cell: (one) => `${one.year}/${one.year + 1}` },
        { name: t('leader'), cell: (one) => school.teacher(one.teacher_id) },
      ]}
      fields={[
        { name: 'name', label: t('class-name'), hint: t('class-name-hint') },
        { name: 'teacher_id', label: t('leader'), choices: school.choices.teachers, isOptional: true },
        { name: 'year', label: t('school-year'), kind: 'number', initial: String(school.year), again: true },
      ]}
    />
  )
}

export function Subjects() {
  const { t } = useTranslation('diary')
  return (
    <SetupList
      kind="subjects"
      queryKey={['subjects']}
      load={loadSubjects}
      idOf={(one) => one.subject_id}
      nameOf={(one) => one.name}
      sort={(one, other) => one.name.localeCompare(other.name, 'ru')}
      columns={[{ name: t('name'), cell: (one) => one.name }]}
      fields={[{ name: 'name', label: t('name'), hint: t('subject-hint') }]}
    />
  )
}
