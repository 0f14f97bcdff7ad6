import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { sourcesOf, type Task } from '../../api/tasks'
import { Due } from '../../ui/Due'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import classes from './Tasks.module.css'

/** What waits for the person, by kind, the most urgent first. */
export function Tasks() {
  const { t } = useTranslation(['tasks', 'ui'])
  const category = useSession()?.category
  const sources = sourcesOf(category)
  const read = useQueries({
    queries: sources.map(({ code, load }) => ({ queryKey: ['tasks', code], queryFn: load, staleTime: 0 })),
  })
  const isPending = read.some((one) => one.isPending)
  const failed = read.find((one) => one.isError)
  const isFree = read.every((one) => one.data?.length === 0)
  const again = () => read.filter((one) => one.isError).forEach((one) => void one.refetch())
  return (
    <Page title={t('title')}>
      {failed && <Trouble error={failed.error} again={again} />}
      {sources.map(({ code }, place) => (
        <Kind key={code} code={code} tasks={read[place]?.data ?? []} />
      ))}
      {isPending && (
        <Stack gap="xs" role="status" aria-label={t('ui:loading')}>
          {[1, 2, 3].map((row) => (
            <Skeleton key={row} h={64} />
          ))}
        </Stack>
      )}
      {isFree && <Text c="dimmed">{t('empty')}</Text>}
    </Page>
  )
}

function Kind({ code, tasks }: { code: string; tasks: Task[] }) {
  const { t } = useTranslation('tasks')
  if (tasks.length === 0) return null
  return (
    <section aria-labelledby={`tasks-${code}`}>
      <Title order={2} size="h4" id={`tasks-${code}`} mb="xs">
        {t(`source.${code}`, { count: tasks.length })}
      </Title>
      <ul className={classes.items}>
        {tasks.map(({ id, title, page, due }) => (
          <li key={id} className={classes.item}>
            <Link to={page as never} className={classes.title}>
              {title || t(`source.${code}`, { count: 1 })}
            </Link>
            {due && <Due at={due} />}
          </li>
        ))}
      </ul>
    </section>
  )
}
