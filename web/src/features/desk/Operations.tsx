import { Card, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Facts } from '../../ui/Facts'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { behind, loadStanding, type Service, SERVICES, type Standing } from './operations'

const LOOK_AGAIN = 10_000 // milliseconds

/** Whether each service keeps up: what waits to be sent, what is not taken in, what was put aside. */
export function Operations() {
  const { t } = useTranslation('desk')
  return (
    <Page title={t('section.operations')}>
      <Text>{t('operations-text')}</Text>
      {SERVICES.map((service) => (
        <One key={service} service={service} />
      ))}
    </Page>
  )
}

function One({ service }: { service: Service }) {
  const { t } = useTranslation('desk')
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['desk-operations', service],
    queryFn: () => loadStanding(service),
    refetchInterval: LOOK_AGAIN,
  })
  return (
    <Card withBorder padding="md" component="article" aria-label={t(`service.${service}`)}>
      <Stack gap="sm">
        <Text component="h2" fw={600}>
          {t(`service.${service}`)}
        </Text>
        {isPending && <Skeleton h={96} role="status" aria-label={t('service.' + service)} />}
        {error && <Trouble error={error} again={() => void refetch()} />}
        {data && <State standing={data} />}
        <Link to={`/desk/operations/${service}` as never}>{t('operations-open')}</Link>
      </Stack>
    </Card>
  )
}

function State({ standing }: { standing: Standing }) {
  const { t } = useTranslation('desk')
  const { outbox, lag, dead_letters, replays } = standing
  const late = behind(lag)
  const isWell = lag !== null && late.length === 0 && dead_letters === 0 && outbox.waiting === 0
  const seconds = Math.round(outbox.oldest_seconds ?? 0)
  return (
    <>
      <Text>{isWell ? t('operations-well') : t('operations-behind')}</Text>
      <Facts
        facts={[
          [
            t('operations-outbox'),
            outbox.waiting > 0
              ? t('operations-outbox-value', { count: outbox.waiting, seconds })
              : t('operations-none'),
          ],
          [t('operations-lag'), lag === null ? t('operations-lag-away') : said(late) || t('operations-none')],
          [t('operations-letters'), dead_letters],
          [t('operations-replays'), said(replays.map((one) => [one.topic, one.until - one.since]))],
        ]}
      />
    </>
  )
}

const said = (counts: [string, number][]) => counts.map(([topic, count]) => `${topic}: ${count}`).join(', ')
