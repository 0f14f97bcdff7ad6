import { Alert, Anchor, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import classes from './Content.module.css'
import { ContestEntries } from './ContestEntries'
import { ContestForm } from './ContestForm'
import { type Contest, loadContest } from './contests'
import { ContestSteps } from './ContestSteps'
import { ContestSummary } from './ContestSummary'
import { StateBadge } from './StateBadge'
import { useKeep } from './useKeep'
import { useWriter } from './useWriter'

/** A contest to be written: a new one, or one of the board with its entries. */
export function ContestPage() {
  const { t } = useTranslation(['content', 'ui'])
  const { contest: id } = useParams({ strict: false }) as { contest?: string }
  const { contests } = useWriter()
  const contest = useQuery({
    queryKey: ['written-contest', id],
    queryFn: () => loadContest(id!),
    enabled: id !== undefined,
    refetchOnWindowFocus: false, // or somebody else's edit would count as seen
  })
  return (
    <Page title={contest.data?.title ?? t(id ? 'contest' : 'contest-new')}>
      <Anchor component={Link} to={contests as never} className={classes.back} mt="-md" w="fit-content">
        ← {t('to-written-contests')}
      </Anchor>
      {id && contest.isPending && (
        <Stack role="status" aria-label={t('ui:loading')}>
          <Skeleton h={64} />
          <Skeleton h={240} />
        </Stack>
      )}
      {contest.isError && <Trouble error={contest.error} again={() => void contest.refetch()} />}
      {id === undefined && <ContestForm key="new" saved={undefined} />}
      {contest.data && <Content contest={contest.data} />}
    </Page>
  )
}

function Content({ contest }: { contest: Contest }) {
  const { t } = useTranslation('content')
  const { state, reason, counts } = contest
  const keep = useKeep()
  return (
    <>
      <div role="status">
        <StateBadge state={state} />
        {state !== 'draft' && <Text mt="xs">{t('contest-counts', { ...counts })}</Text>}
      </div>
      {reason && (
        <Alert color="red" variant="light" title={t('contest-reason')}>
          <Text c="dark.9">{reason}</Text>
        </Alert>
      )}
      {state !== 'draft' && (
        <Group gap="sm">
          <ContestSteps contest={contest} settle={keep} />
        </Group>
      )}
      {state !== 'draft' && <ContestEntries contest={contest} />}
      {state === 'draft' || state === 'announced' ? (
        <ContestForm key={contest.contest_id} saved={contest} />
      ) : (
        <ContestSummary contest={contest} />
      )}
    </>
  )
}
