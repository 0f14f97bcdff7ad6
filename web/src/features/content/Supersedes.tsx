import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fullDate } from '../../ui/dates'
import { type Card, loadCard, loadPublished } from './documents'

interface Props {
  value?: string | null
  onChange?: (id: string | null) => void
  error?: ReactNode
  /** What is out has taken that place for good. */
  isFixed: boolean
}

/** The document whose place this one takes, found by its number or name. */
export function Supersedes({ value = null, onChange, error, isFixed }: Props) {
  const { t } = useTranslation('content')
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 250)
  const found = useQuery({
    queryKey: ['papers', 'to-supersede', q],
    queryFn: () => loadPublished(q || undefined, undefined),
    placeholderData: keepPreviousData,
    enabled: !isFixed,
  })
  const chosen = useQuery({
    queryKey: ['paper', 'card', value],
    queryFn: () => loadCard(value!),
    enabled: value !== null,
  })
  const nameOf = (it: Omit<Card, 'etag'>) =>
    `${t('paper-named', { kind: t(`doc-kind.${it.kind}`), number: it.number, on: fullDate(it.issued_on) })} «${it.title}»`
  const options = (found.data?.items ?? []).map((it) => ({ value: it.document_id, label: nameOf(it) }))
  if (chosen.data && !options.some((one) => one.value === value)) {
    options.push({ value: chosen.data.document_id, label: nameOf(chosen.data) })
  }
  if (isFixed && value === null) return null
  return (
    <Select
      label={t('doc-supersedes')}
      description={t('doc-supersedes-hint')}
      searchable
      clearable={!isFixed}
      clearButtonProps={{ 'aria-label': t('doc-supersedes-none') }}
      disabled={isFixed}
      data={options}
      filter={({ options: all }) => all}
      onSearchChange={setTyped}
      nothingFoundMessage={t('papers-empty-found')}
      data-path="supersedes"
      value={value}
      onChange={onChange}
      error={error}
    />
  )
}
