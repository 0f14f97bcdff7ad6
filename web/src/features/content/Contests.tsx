import { Anchor, Button, Group, Text } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Choices } from '../../ui/Choices'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { useListing } from '../../ui/useListing'
import classes from './Content.module.css'
import { loadWritten, type State, STATES } from './contests'
import { HeadEntries } from './HeadEntries'
import { Parts } from './Parts'
import { StateBadge } from './StateBadge'
import { useWriter } from './useWriter'

/** All contests and events of the board that the caller writes on, the newest first. */
export function Contests() {
  const { t } = useTranslation('content')
  const { state } = useSearch({ strict: false }) as { state?: State }
  const { isHead, contests } = useWriter()
  const listed = useListing(['contests', 'written', state], (cursor) => loadWritten(state, cursor))
  return (
    <Page title={t(isHead ? 'contests-school' : 'contests-city')}>
      {isHead ? (
        <Anchor component={Link} to={'/contests' as never} className={classes.back} mt="-md" w="fit-content">
          ← {t('to-contests')}
        </Anchor>
      ) : (
        <>
          <Parts />
          <HeadEntries />
        </>
      )}
      <Button component={Link} to={`${contests}/new` as never} w="fit-content">
        {t('contest-new')}
      </Button>
      <Choices
        label={t('state.label')}
        name="state"
        options={[
          { value: undefined, label: t('state.any') },
          ...STATES.map((value) => ({ value, label: t(`states.${value}`) })),
        ]}
      />
      <Listing listed={listed} empty={t('contests-empty')}>
        {(items) => (
          <ul className={classes.items}>
            {items.map((one) => (
              <li key={one.contest_id} className={classes.item}>
                <Link to={`${contests}/${one.contest_id}` as never} className={classes.title}>
                  {one.title}
                </Link>
                <Group gap="xs">
                  <StateBadge state={one.state} />
                  <Text size="sm" c="dimmed">
                    {t('contest-until', { at: moment(one.closes_at) })}
                    {one.places_left !== null &&
                      ` · ${t('contest-left', { left: one.places_left, capacity: one.capacity })}`}
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
