import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { TaskList } from './TaskList'
import { useTasks } from './tasks'

/** Everything that waits for the person, the nearest deadline first. */
export function Tasks() {
  const { t } = useTranslation('home')
  const tasks = useTasks()
  return (
    <Page title={t('tasks')}>
      {tasks.isPending && <Skeleton h={160} />}
      {tasks.isError && <Trouble error={tasks.error} again={() => void tasks.refetch()} />}
      {tasks.data && <TaskList tasks={tasks.data} />}
    </Page>
  )
}
