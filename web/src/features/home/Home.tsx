import { Card, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { loadWorkplace } from '../../api/workplace'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'

/** Today: what waits for the person, and nothing else. */
export function Home() {
  const { t } = useTranslation('home')
  const me = useQuery({ queryKey: ['me'], queryFn: () => unwrap(identity.GET('/api/identity/me')) })
  return (
    <Page title={t('title')}>
      {me.isPending && <Skeleton h={28} w="70%" />}
      {me.isError && <Trouble error={me.error} again={() => void me.refetch()} />}
      {me.data?.full_name && <Text size="lg">{me.data.full_name}</Text>}
      {me.data?.category && <Workplace />}
    </Page>
  )
}

function Workplace() {
  const { t } = useTranslation('home')
  const place = useQuery({
    queryKey: ['workplace'],
    queryFn: loadWorkplace,
  })
  if (place.isPending) return <Skeleton h={96} />
  if (place.isError) return <Trouble error={place.error} again={() => void place.refetch()} />
  const { complete, post, school } = place.data
  return (
    <Card withBorder padding="md" component="section" aria-label={t('workplace')}>
      <Text>
        {school?.short_name}, {post}
      </Text>
      {!complete && <Link to="/welcome">{t('fill')}</Link>}
    </Card>
  )
}
