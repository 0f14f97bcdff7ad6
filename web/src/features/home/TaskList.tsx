import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { date } from '../../ui/dates'
import classes from './Home.module.css'
import type { Task } from '../../api/tasks'

/** Tasks, the nearest deadline first. */
export function TaskList({ tasks }: { tasks: Task[] }) {
  const { t } = useTranslation('home')
  if (tasks.length === 0) return <Text c="dimmed">{t('no-tasks')}</Text>
  return (
    <ul className={classes.list}>
      {tasks.map((one) => (
        <li key={one.id}>
          <Link to={one.page as never} className={classes.line}>
            <span className={classes.what}>{one.title}</span>
            {one.due && <span className={classes.due}>{t('due', { date: date(one.due) })}</span>}
          </Link>
        </li>
      ))}
    </ul>
  )
}
