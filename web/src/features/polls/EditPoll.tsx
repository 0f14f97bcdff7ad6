import { Anchor, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { PollForm } from './PollForm'
import { loadPoll } from './polls'
import classes from './Polls.module.css'
import { usePlaces } from './usePlaces'

/** A poll to be written: a new one, or one of the board. */
export function EditPoll() {
  const { t } = useTranslation(['polls', 'ui'])
  const { poll: id } = useParams({ strict: false }) as { poll?: string }
  const { home, card } = usePlaces()
  const poll = useQuery({
    queryKey: ['poll-edit', id],
    queryFn: () => loadPoll(id!),
    enabled: id !== undefined,
    refetchOnWindowFocus: false, // or somebody else's edit would count as seen
    gcTime: 0,
  })
  return (
    <Page title={t(id ? 'edit-title' : 'new')}>
      <Anchor
        component={Link}
        to={(id ? card(id) : home) as never}
        className={classes.back}
        mt="-md"
        w="fit-content"
      >
        ← {t(id ? 'to-poll' : 'to-written')}
      </Anchor>
      {id && poll.isPending && (
        <Stack role="status" aria-label={t('ui:loading')}>
          <Skeleton h={64} />
          <Skeleton h={240} />
        </Stack>
      )}
      {poll.isError && <Trouble error={poll.error} again={() => void poll.refetch()} />}
      {(id === undefined || poll.data) && <PollForm key={id ?? 'new'} saved={poll.data} />}
    </Page>
  )
}
