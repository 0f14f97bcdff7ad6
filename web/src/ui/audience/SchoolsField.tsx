import { MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQueries, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { findSchools, loadSchool } from './audience'

const SHORTEST = 2 // letters
const DAY = 86_400_000 // milliseconds

interface Props {
  value?: string[]
  onChange?: (ids: string[]) => void
  error?: ReactNode
}

/** Schools chosen one after the other by name, number or INN. */
export function SchoolsField({ value = [], onChange, error }: Props) {
  const { t } = useTranslation('audience')
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const found = useQuery({
    queryKey: ['schools', q],
    queryFn: () => findSchools(q),
    enabled: q.length >= SHORTEST,
  })
  const chosen = useQueries({
    queries: value.map((id) => ({ queryKey: ['school', id], queryFn: () => loadSchool(id), staleTime: DAY })),
  })
  const items = [...(found.data?.items ?? []), ...chosen.flatMap(({ data }) => (data ? [data] : []))]
  const names = new Map(items.map(({ school_id, short_name }) => [school_id, short_name]))
  for (const id of value) if (!names.has(id)) names.set(id, '…')
  return (
    <MultiSelect
      size="md"
      label={t('schools')}
      description={t('schools-hint')}
      searchable
      withScrollArea={false}
      styles={{ options: { maxHeight: 240, overflowY: 'auto' } }}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={q.length >= SHORTEST && found.isSuccess ? t('schools-none') : undefined}
      data={[...names].map(([id, label]) => ({ value: id, label }))}
      data-path="audience.school_ids"
      value={value}
      onChange={onChange}
      error={error}
    />
  )
}
