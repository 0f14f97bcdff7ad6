import { Anchor, Button, Group, Text } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Choices } from '../../ui/Choices'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { useListing } from '../../ui/useListing'
import { loadWritten, type State, STATES } from './polls'
import classes from './Polls.module.css'
import { StateBadge } from './StateBadge'
import { usePlaces } from './usePlaces'

/** All polls of the board that the caller writes on, the newest first. */
export function WrittenPolls() {
  const { t } = useTranslation('polls')
  const { state } = useSearch({ strict: false }) as { state?: State }
  const { isHead, fresh, card } = usePlaces()
  const listed = useListing(['polls-written', state], (cursor) => loadWritten(state, cursor))
  return (
    <Page title={t(isHead ? 'of-school' : 'of-city')}>
      {isHead && (
        <Anchor component={Link} to={'/polls' as never} className={classes.back} mt="-md" w="fit-content">
          ← {t('to-polls')}
        </Anchor>
      )}
      <Button component={Link} to={fresh as never} w="fit-content">
        {t('new')}
      </Button>
      <Choices
        label={t('states-label')}
        name="state"
        options={[
          { value: undefined, label: t('states.any') },
          ...STATES.map((value) => ({ value, label: t(`states-many.${value}`) })),
        ]}
      />
      <Listing listed={listed} empty={t('empty-written')}>
        {(items) => (
          <ul className={classes.items}>
            {items.map((poll) => (
              <li key={poll.poll_id} className={classes.item}>
                <Anchor component={Link} to={card(poll.poll_id) as never} className={classes.title}>
                  {poll.title}
                </Anchor>
                <Group gap="xs">
                  <StateBadge state={poll.state} />
                  <Text size="sm" c="dimmed">
                    {t(poll.anonymous ? 'anonymous' : 'by-name')}
                    {poll.state === 'published' &&
                      poll.closes_at &&
                      ` · ${t('until', { at: moment(poll.closes_at) })}`}
                  </Text>
                </Group>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}
