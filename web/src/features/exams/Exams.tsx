import { Group, Select, Skeleton, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { type Set, useSets } from './exams'

/** Exams of which one sees results: of the own school, a teacher of the own subjects. */
export function Exams() {
  const { t } = useTranslation('exams')
  const sets = useSets()
  return (
    <Page title={t('title')} wide>
      {sets.error ? <Trouble error={sets.error} again={() => void sets.refetch()} /> : null}
      {sets.isPending && !sets.error ? (
        <Stack gap="xs" role="status" aria-label={t('ui:loading')}>
          <Skeleton h={62} maw={420} />
          {[1, 2, 3, 4].map((row) => (
            <Skeleton key={row} h={48} />
          ))}
        </Stack>
      ) : null}
      {sets.data?.length === 0 && (
        <Stack gap="xs" maw="70ch">
          <Text>{t('empty')}</Text>
          <Text c="dimmed">{t('empty-teacher')}</Text>
        </Stack>
      )}
      {sets.data && sets.data.length > 0 && <Listed sets={sets.data} />}
    </Page>
  )
}

function Listed({ sets }: { sets: Set[] }) {
  const { t } = useTranslation('exams')
  const [exam, setExam] = useState('')
  const [year, setYear] = useState('')
  const chosen = sets.filter((one) => (!exam || one.exam === exam) && (!year || String(one.year) === year))
  return (
    <>
      <Group align="end">
        <Choice label={t('exam')} values={sets.map((one) => one.exam)} value={exam} onChange={setExam} />
        <Choice
          label={t('year')}
          values={sets.map((one) => String(one.year))}
          value={year}
          onChange={setYear}
        />
      </Group>
      {chosen.length === 0 ? (
        <Text c="dimmed">{t('none-chosen')}</Text>
      ) : (
        <Records
          caption={t('caption')}
          rows={chosen}
          keyOf={({ set_id }) => set_id}
          columns={[
            {
              name: t('subject'),
              cell: (one) => <Link to={`/exams/${one.set_id}` as never}>{one.subject}</Link>,
            },
            { name: t('exam'), cell: (one) => one.exam },
            { name: t('year'), cell: (one) => one.year },
            { name: t('participants'), cell: (one) => one.results },
            { name: t('familiarised'), cell: (one) => <Familiarised set={one} /> },
          ]}
        />
      )}
    </>
  )
}

function Familiarised({ set: { results, familiarised } }: { set: Set }) {
  const { t } = useTranslation('exams')
  if (familiarised === results) return t('all-know')
  return (
    <Text component="span" fw={600}>
      {t('some-know', { familiarised, results })}
    </Text>
  )
}

interface ChoiceProps {
  label: string
  values: string[]
  value: string
  onChange: (value: string) => void
}

function Choice({ label, values, value, onChange }: ChoiceProps) {
  const { t } = useTranslation('exams')
  const known = [...new globalThis.Set(values)]
  if (known.length < 2) return null
  return (
    <Select
      label={label}
      allowDeselect={false}
      data={[{ value: '', label: t('any') }, ...known]}
      value={value}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  )
}
