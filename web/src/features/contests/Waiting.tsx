import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { loadUndecided } from '../../ui/entries/entries'
import classes from './Contests.module.css'

/** Entries of the school that wait for its head; nothing when there are none. */
export function Waiting() {
  const { t } = useTranslation('contests')
  const waiting = useQuery({
    queryKey: ['contests', 'waiting'],
    queryFn: () => loadUndecided(undefined),
  })
  const count = waiting.data?.items.length ?? 0
  if (count === 0) return null
  return (
    <div className={classes.waiting}>
      <Text fw={600}>{waiting.data?.next ? t('wait-many', { count }) : t('wait', { count })}</Text>
      <Link to={'/contests/entries' as never} className={classes.back}>
        {t('decide')}
      </Link>
    </div>
  )
}
