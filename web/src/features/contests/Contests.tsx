import { Button, Group, Text } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { Choices } from '../../ui/Choices'
import { moment } from '../../ui/dates'
import { EntryState } from '../../ui/entries/EntryState'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { useListing } from '../../ui/useListing'
import { type Contest, loadContests, type View } from './contests'
import classes from './Contests.module.css'
import { Waiting } from './Waiting'

/** What the person may enter, has entered, or could once. A head goes on from here to entries and to write. */
export function Contests() {
  const { t } = useTranslation('contests')
  const { view } = useSearch({ strict: false }) as { view?: View }
  const listed = useListing(['contests', 'list', view], (cursor) => loadContests(view, cursor))
  const isHead = useSession()?.category === 'head'
  return (
    <Page title={t('title')}>
      {isHead && <Waiting />}
      <Group justify="space-between">
        <Choices
          label={t('view.label')}
          name="view"
          options={[
            { value: undefined, label: t('view.open') },
            { value: 'mine', label: t('view.mine') },
            { value: 'past', label: t('view.past') },
          ]}
        />
        {isHead && (
          <Button component={Link} to={'/contests/written' as never} variant="light">
            {t('write')}
          </Button>
        )}
      </Group>
      <Listing listed={listed} empty={t(`empty.${view ?? 'open'}`)}>
        {(items) => (
          <ul className={classes.items}>
            {items.map((one) => (
              <Line key={one.contest_id} one={one} />
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}

function Line({ one }: { one: Contest }) {
  const { t } = useTranslation('contests')
  const { mine } = one
  return (
    <li className={classes.item}>
      <Link to={`/contests/${one.contest_id}` as never} className={classes.title}>
        {one.title}
      </Link>
      <Group gap="xs">
        {mine && <EntryState state={mine.state} own={{ place: mine.waiting_no }} />}
        <Text size="sm" c="dimmed">
          {[t(`kind.${one.kind}`), t(one.school_id ? 'of-school' : 'of-city'), <Window key="w" of={one} />]
            .flatMap((part, place) => (place ? [' · ', part] : [part]))
            .map((part, place) => (
              <span key={place}>{part}</span>
            ))}
        </Text>
      </Group>
      {one.refusal === null && one.places_left !== null && (
        <Text size="sm" mt={4} fw={one.places_left ? undefined : 600}>
          {one.places_left ? t('places', { count: one.places_left }) : t('places-none')}
        </Text>
      )}
    </li>
  )
}

function Window({ of: { state, opens_at, closes_at } }: { of: Contest }) {
  const { t } = useTranslation('contests')
  if (state === 'cancelled') return t('cancelled')
  const now = new Date()
  if (new Date(closes_at) <= now) return t('window-over')
  const isOpen = new Date(opens_at) <= now
  return t(isOpen ? 'window-until' : 'window-from', { at: moment(isOpen ? closes_at : opens_at) })
}
