import { Anchor, Badge, Button, Group, Text } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { Choices } from '../../ui/Choices'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { useListing } from '../../ui/useListing'
import { type Listed, loadPolls, OWN, type Own } from './polls'
import classes from './Polls.module.css'

/** What is asked of the caller: what waits, what is answered, what is over. */
export function Polls() {
  const { t } = useTranslation('polls')
  const isHead = useSession()?.category === 'head'
  const { own = 'open' } = useSearch({ strict: false }) as { own?: Own }
  const listed = useListing(['polls', own], (cursor) => loadPolls(own, cursor))
  return (
    <Page title={t('title')}>
      {isHead && (
        <Button component={Link} to={'/polls/written' as never} variant="default" w="fit-content">
          {t('of-school')}
        </Button>
      )}
      <Choices
        label={t('views')}
        name="own"
        options={OWN.map((value) => ({
          value: value === 'open' ? undefined : value,
          label: t(`own.${value}`),
        }))}
      />
      <Listing listed={listed} empty={t(`empty.${own}`)}>
        {(items) => (
          <ul className={classes.items}>
            {items.map((poll) => (
              <li key={poll.poll_id} className={classes.item}>
                <Item poll={poll} />
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}

function Item({ poll }: { poll: Listed }) {
  const { t } = useTranslation('polls')
  return (
    <>
      <Anchor component={Link} to={`/polls/${poll.poll_id}` as never} className={classes.title}>
        {poll.title}
      </Anchor>
      <Group gap="xs">
        <When poll={poll} />
        <Text size="sm" c="dimmed">
          {[
            t(poll.is_department ? 'from-city' : 'from-school'),
            t(poll.anonymous ? 'anonymous' : 'by-name'),
          ].join(' · ')}
        </Text>
      </Group>
    </>
  )
}

function When({ poll }: { poll: Listed }) {
  const { t } = useTranslation('polls')
  if (poll.own === 'closed')
    return (
      <Text size="sm" c="dimmed">
        {t('closed-at', { at: moment(poll.closed_at!) })}
      </Text>
    )
  if (!poll.closes_at) return null
  return (
    <Badge
      color={poll.own === 'open' ? 'orange.2' : 'gray.3'}
      variant="filled"
      size="lg"
      fw={500}
      radius="sm"
    >
      {t('until', { at: moment(poll.closes_at) })}
    </Badge>
  )
}
