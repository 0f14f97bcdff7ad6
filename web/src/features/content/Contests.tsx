import { Text } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { useListing } from '../../ui/useListing'
import { Board } from './Board'
import { loadWritten, type State, STATES } from './contests'
import { HeadEntries } from './HeadEntries'
import { Parts } from './Parts'
import { useWriter } from './useWriter'

/** All contests and events of the board that the caller writes on, the newest first. */
export function Contests() {
  const { t } = useTranslation('content')
  const { state } = useSearch({ strict: false }) as { state?: State }
  const { isHead, contests } = useWriter()
  const listed = useListing(['contests', 'written', state], (cursor) => loadWritten(state, cursor))
  const parts = (
    <>
      <Parts />
      <HeadEntries />
    </>
  )
  return (
    <Board
      title={t(isHead ? 'contests-school' : 'contests-city')}
      back={isHead ? { to: '/contests', name: t('to-contests') } : null}
      above={!isHead && parts}
      home={contests}
      create={t('contest-new')}
      states={STATES}
      listed={listed}
      empty={t('contests-empty')}
      idOf={(one) => one.contest_id}
      about={(one) => (
        <Text size="sm" c="dimmed">
          {t('contest-until', { at: moment(one.closes_at) })}
          {one.places_left !== null &&
            ` · ${t('contest-left', { left: one.places_left, capacity: one.capacity })}`}
        </Text>
      )}
    />
  )
}
