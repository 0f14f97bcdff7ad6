import { Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Listing } from '../../ui/Listing'
import { Records } from '../../ui/Records'
import { useListing } from '../../ui/useListing'
import { loadCounts } from './documents'

/** How many of the city, and of each school, have acknowledged a document. */
export function PaperCounts({ id }: { id: string }) {
  const { t } = useTranslation('content')
  const listed = useListing(['paper', 'schools', id], (cursor) => loadCounts(id, cursor))
  const all = useQuery({ queryKey: ['paper', 'counts', id], queryFn: () => loadCounts(id, undefined) })
  return (
    <section aria-labelledby="counts">
      <Title order={2} size="h3" id="counts" mb="xs">
        {t('counts')}
      </Title>
      {all.data && (
        <Text mb="sm">{t('counts-city', { done: all.data.acknowledged, count: all.data.asked })}</Text>
      )}
      <Listing listed={listed} empty={t('counts-empty')}>
        {(items) => (
          <Records
            caption={t('counts-caption')}
            rows={items}
            keyOf={(one) => one.school_id}
            columns={[
              { name: t('school'), cell: (one) => one.short_name ?? '—' },
              { name: t('counts-asked'), cell: (one) => one.asked },
              { name: t('counts-done'), cell: (one) => one.acknowledged },
            ]}
          />
        )}
      </Listing>
    </section>
  )
}
