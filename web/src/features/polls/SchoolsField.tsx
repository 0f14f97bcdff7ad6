import { MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQueries, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { registry, unwrap } from '../../api/client'

const SHORTEST = 2 // letters

interface Props {
  value?: string[]
  onChange?: (ids: string[]) => void
  error?: ReactNode
}

const find = (q: string) =>
  unwrap(registry.GET('/api/registry/schools', { params: { query: { q, limit: 20 } } }))

const load = (school_id: string) =>
  unwrap(registry.GET('/api/registry/schools/{school_id}', { params: { path: { school_id } } }))

/** Schools chosen one after the other by name, number or INN. */
export function SchoolsField({ value = [], onChange, error }: Props) {
  const { t } = useTranslation('polls')
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const found = useQuery({ queryKey: ['schools', q], queryFn: () => find(q), enabled: q.length >= SHORTEST })
  const chosen = useQueries({
    queries: value.map((id) => ({ queryKey: ['school', id], queryFn: () => load(id) })),
  })
  const known = [...(found.data?.items ?? []), ...chosen.flatMap(({ data }) => (data ? [data] : []))]
  const names = new Map(known.map(({ school_id, short_name }) => [school_id, short_name]))
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
      data={[...new Set([...names.keys(), ...value])].map((id) => ({
        value: id,
        label: names.get(id) ?? '…',
      }))}
      value={value}
      onChange={onChange}
      error={error}
    />
  )
}
