import { Group, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { useListing } from '../../ui/useListing'
import { type Filters, loadApplications, loadCounts, STATES } from './applications'
import { Bench } from './Bench'
import { Choice } from './Filters'
import { State } from './State'

const LOOK_AGAIN = 15_000 // milliseconds

/** Applications for entry of schools, the oldest first. */
export function Applications() {
  const { t } = useTranslation('desk')
  const { number } = useParams({ strict: false }) as { number?: string }
  const filters = useSearch({ strict: false }) as Filters
  const listed = useListing(
    ['desk-applications', filters],
    (cursor) => loadApplications(filters, cursor),
    LOOK_AGAIN,
  )
  return (
    <Bench
      title={t('section.applications')}
      empty={t('applications-empty')}
      filters={<ApplicationFilters filters={filters} narrow={number !== undefined} />}
      listed={listed}
      current={number}
      keyOf={(application) => application.number}
      pathOf={(key) => `/desk/applications/${key}`}
    >
      {({ number: its, school, state, submitted_at }) => (
        <>
          <Group justify="space-between" gap="xs">
            <Text fw={600}>{its}</Text>
            <State of="application" state={state} />
          </Group>
          <Text>{school.short_name}</Text>
          <Text size="sm" c="dimmed">
            {t('inn', { inn: school.inn })} · {moment(submitted_at)}
          </Text>
        </>
      )}
    </Bench>
  )
}

function ApplicationFilters({ filters, narrow }: { filters: Filters; narrow: boolean }) {
  const { t } = useTranslation('desk')
  const navigate = useNavigate()
  const counts = useQuery({
    queryKey: ['desk-applications', 'counts'],
    queryFn: loadCounts,
    refetchInterval: LOOK_AGAIN,
  })
  const counted = (state: (typeof STATES)[number]) =>
    counts.data
      ? `${t(`state.application.${state}`)} (${counts.data[state]})`
      : t(`state.application.${state}`)
  const waiting = counts.data && counts.data.submitted + counts.data['in-review']
  const find = useDebouncedCallback((q: string) => {
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, q: q.trim() || undefined }),
      replace: true,
    } as never)
  }, 300)
  return (
    <SimpleGrid cols={{ base: 1, xs: narrow ? 1 : 2 }}>
      <Choice
        label={t('filter.state')}
        all={waiting === undefined ? t('applications-waiting') : `${t('applications-waiting')} (${waiting})`}
        name="state"
        value={filters.state}
        options={[
          ...STATES.map((value) => ({ value, label: counted(value) })),
          { value: 'any', label: t('filter.any') },
        ]}
      />
      <TextInput
        label={t('filter.find-application')}
        size="sm"
        defaultValue={filters.q ?? ''}
        onChange={(event) => find(event.currentTarget.value)}
      />
    </SimpleGrid>
  )
}
