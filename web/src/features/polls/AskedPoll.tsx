import { Alert, Anchor, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { Answering } from './Answering'
import { loadPoll, type Poll } from './polls'
import classes from './Polls.module.css'
import { Results } from './Results'

/** A poll as somebody sees it who is asked: to be answered, answered, or over. */
export function AskedPoll() {
  const { t } = useTranslation(['polls', 'ui'])
  const { poll: id } = useParams({ strict: false }) as { poll: string }
  const poll = useQuery({ queryKey: ['poll', id], queryFn: () => loadPoll(id), refetchOnWindowFocus: false })
  return (
    <Page title={poll.data?.title ?? t('poll')}>
      <Anchor component={Link} to={'/polls' as never} className={classes.back} mt="-md" w="fit-content">
        ← {t('to-polls')}
      </Anchor>
      {poll.isPending && (
        <Stack role="status" aria-label={t('ui:loading')}>
          <Skeleton h={48} />
          <Skeleton h={180} />
          <Skeleton h={180} />
        </Stack>
      )}
      {poll.isError && <Trouble error={poll.error} again={() => void poll.refetch()} />}
      {poll.data && <Card poll={poll.data} />}
    </Page>
  )
}

function Card({ poll }: { poll: Poll }) {
  const { t } = useTranslation('polls')
  if (poll.own === 'open') return <Answering key={poll.etag} poll={poll} />
  if (poll.own === 'answered')
    return (
      <Alert color="green" variant="light" role="status" title={t('answered')}>
        <Text c="dark.9">{t(poll.anonymous ? 'answered-secret' : 'answered-named')}</Text>
        {poll.shares_results && <Text c="dark.9">{t('answered-shares')}</Text>}
      </Alert>
    )
  return (
    <>
      <Text>{t('closed-at', { at: moment(poll.closed_at!) })}</Text>
      {poll.shares_results ? <Results poll={poll} /> : <Text>{t('closed-unshared')}</Text>}
    </>
  )
}
