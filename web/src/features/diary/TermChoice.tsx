import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Term } from './api'

interface Props {
  terms: Term[]
  term: string
  /** The year beside its terms. */
  year?: string
  choose: (term: string) => void
}

export function TermChoice({ terms, term, year, choose }: Props) {
  const { t } = useTranslation('diary')
  const data = terms.map(({ term_id, name, closed }) => ({
    value: term_id,
    label: closed ? t('term-closed', { name }) : name,
  }))
  return (
    <Select
      aria-label={t('term')}
      w={{ base: '100%', xs: 240 }}
      data={year ? [...data, { value: year, label: t('whole-year') }] : data}
      value={term}
      allowDeselect={false}
      onChange={(chosen) => chosen && choose(chosen)}
    />
  )
}
