import { Button, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { SchoolCard } from './SchoolCard'
import { useSchools } from './schools'

const route = getRouteApi('/schools')

/** Find a school: one field, results as you type. */
export function Schools() {
  const { t } = useTranslation('support')
  const { q = '' } = route.useSearch() as { q?: string }
  const navigate = route.useNavigate()
  const found = useSchools(q)
  const items = found.data?.items ?? []
  return (
    <Page title={t('schools.title')}>
      <TextInput
        label={t('schools.label')}
        description={t('schools.hint')}
        value={q}
        type="search"
        autoComplete="off"
        onChange={(event) =>
          void navigate({
            to: '/schools',
            search: { q: event.currentTarget.value || undefined },
            replace: true,
          })
        }
      />
      <Stack gap="sm" aria-live="polite" aria-busy={found.isFetching}>
        {found.isPending && found.isFetching && [1, 2, 3].map((n) => <Skeleton key={n} h={120} />)}
        {found.isError && <Trouble error={found.error} again={() => void found.refetch()} />}
        {items.map((school) => (
          <SchoolCard key={school.school_id} school={school}>
            {school.status === 'active' && (
              <Button
                component={Link}
                to="/request"
                search={{ school: school.school_id } as never}
                variant="light"
              >
                {t('schools.request')}
              </Button>
            )}
          </SchoolCard>
        ))}
        {found.isSuccess && items.length === 0 && (
          <>
            <Text>{t('schools.none')}</Text>
            <Button component={Link} to="/apply" variant="light" w="fit-content">
              {t('schools.apply')}
            </Button>
          </>
        )}
      </Stack>
    </Page>
  )
}
