import { Anchor, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Page } from '../../ui/Page'
import { Paragraphs } from '../../ui/Paragraphs'
import { Trouble } from '../../ui/Trouble'
import { Names } from './Names'
import { loadPoll, type Poll, type Question } from './polls'
import classes from './Polls.module.css'
import { Results } from './Results'
import { Seen } from './Seen'
import { StateBadge } from './StateBadge'
import { Steps } from './Steps'
import { usePlaces } from './usePlaces'

const LOOK_AGAIN = 10_000 // milliseconds: how many have answered

/** A poll as its authors see it: how far it is, what can be done with it, its results. */
export function WrittenPoll() {
  const { t } = useTranslation(['polls', 'ui'])
  const { poll: id } = useParams({ strict: false }) as { poll: string }
  const { home } = usePlaces()
  const poll = useQuery({
    queryKey: ['poll', id],
    queryFn: () => loadPoll(id),
    refetchInterval: ({ state }) => (state.data?.state === 'published' ? LOOK_AGAIN : false),
  })
  return (
    <Page title={poll.data?.title ?? t('poll')}>
      <Anchor component={Link} to={home as never} className={classes.back} mt="-md" w="fit-content">
        ← {t('to-written')}
      </Anchor>
      {poll.isPending && (
        <Stack role="status" aria-label={t('ui:loading')}>
          <Skeleton h={32} w="50%" />
          <Skeleton h={48} />
          <Skeleton h={200} />
        </Stack>
      )}
      {poll.isError && <Trouble error={poll.error} again={() => void poll.refetch()} />}
      {poll.data && <Card poll={poll.data} />}
    </Page>
  )
}

function Card({ poll }: { poll: Poll }) {
  const { t } = useTranslation('polls')
  return (
    <>
      <Group gap="xs">
        <StateBadge state={poll.state} />
        <Text>{how(t, poll)}</Text>
      </Group>
      <Steps poll={poll} />
      {poll.state === 'closed' ? (
        <>
          <Results poll={poll} />
          {!poll.anonymous && <Names poll={poll} />}
        </>
      ) : (
        <Preview poll={poll} />
      )}
    </>
  )
}

function how(t: TFunction<'polls'>, poll: Poll): string {
  if (poll.state === 'closed') return t('closed-at', { at: moment(poll.closed_at!) })
  const end = poll.closes_at ? t('closes-at', { at: moment(poll.closes_at) }) : t('closes-by-hand')
  if (poll.state === 'draft') return end
  return `${t('answered-by', { count: poll.answered ?? 0 })} ${end}`
}

function Preview({ poll }: { poll: Poll }) {
  const { t } = useTranslation('polls')
  return (
    <Stack component="section" aria-labelledby="preview">
      <Title order={2} size="h3" id="preview">
        {t('preview')}
      </Title>
      <Paragraphs text={poll.intro} />
      <Seen poll={poll} />
      <ol className={classes.texts}>
        {poll.questions.map((question) => (
          <li key={question.question_id}>
            <Text component="span">
              {question.text}{' '}
              {!question.required && (
                <Text span c="dimmed">
                  {t('optional')}
                </Text>
              )}
            </Text>
            <Text size="sm" c="dimmed">
              {offered(t, question)}
            </Text>
          </li>
        ))}
      </ol>
    </Stack>
  )
}

function offered(t: TFunction<'polls'>, question: Question): string {
  if (question.kind === 'text') return t('kind.text')
  if (question.scale) return t('scale-from-to', question.scale)
  const most = question.most ? ` (${t('most', { count: question.most })})` : ''
  return question.options.join(' · ') + most
}
