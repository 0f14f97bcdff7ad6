import { Alert, Anchor, Badge, Skeleton, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import classes from './Home.module.css'
import { TaskList } from './TaskList'
import { useNewest, useTasks, useToday, useWorkplace } from './tasks'

const SHOWN = 5 // tasks; the rest is on a page of its own

/** Today: lessons, deadlines, what is unread, and nothing else. */
export function Home() {
  const { t } = useTranslation('home')
  return (
    <Page title={t('title')} wide>
      <Workplace />
      <div className={classes.parts}>
        <Lessons />
        <Tasks />
        <Unread />
      </div>
    </Page>
  )
}

function Workplace() {
  const { t } = useTranslation('home')
  const { data } = useWorkplace()
  if (!data || data.complete) return null
  return (
    <Alert color="orange" variant="light" title={t('workplace')}>
      <Anchor component={Link} to="/welcome">
        {t('fill')}
      </Anchor>
    </Alert>
  )
}

interface Asked<Data> {
  data: Data | undefined
  isPending: boolean
  error: unknown
  refetch: () => unknown
}

interface PartProps<Data> {
  id: string
  title: string
  of: Asked<Data>
  children: (data: Data) => ReactNode
}

/** A part of the page, which comes and fails by itself. */
function Part<Data>({ id, title, of, children }: PartProps<Data>) {
  return (
    <section className={classes.part} aria-labelledby={id}>
      <Title order={2} size="h3" id={id}>
        {title}
      </Title>
      {of.isPending && (
        <Stack gap="xs">
          <Skeleton h={48} />
          <Skeleton h={48} />
        </Stack>
      )}
      {of.error !== null && <Trouble error={of.error} again={() => void of.refetch()} />}
      {of.data !== undefined && children(of.data)}
    </section>
  )
}

function Lessons() {
  const { t } = useTranslation('home')
  return (
    <Part id="lessons" title={t('lessons')} of={useToday()}>
      {(lessons) =>
        lessons.length === 0 ? (
          <Text c="dimmed">{t('no-lessons')}</Text>
        ) : (
          <ol className={classes.list}>
            {lessons.map((one) => (
              <li key={`${one.number} ${one.class_id} ${one.subject_id}`}>
                <Link to={`/diary/${one.class_id}/${one.subject_id}` as never} className={classes.line}>
                  <span className={classes.number}>{one.number}</span>
                  <span className={classes.what}>
                    <strong>
                      {one.class} · {one.subject}
                    </strong>
                    <span>{one.topic ?? t(one.lesson_id ? 'no-topic' : 'not-entered')}</span>
                  </span>
                  {one.replaces && <Badge color="orange">{t('replaces')}</Badge>}
                  {one.room && <span>{t('room', { room: one.room })}</span>}
                </Link>
              </li>
            ))}
          </ol>
        )
      }
    </Part>
  )
}

function Tasks() {
  const { t } = useTranslation('home')
  return (
    <Part id="tasks" title={t('tasks')} of={useTasks()}>
      {(tasks) => (
        <>
          <TaskList tasks={tasks.slice(0, SHOWN)} />
          {tasks.length > SHOWN && (
            <Anchor component={Link} to={'/tasks' as never}>
              {t('tasks-all', { count: tasks.length })}
            </Anchor>
          )}
        </>
      )}
    </Part>
  )
}

function Unread() {
  const { t } = useTranslation('home')
  return (
    <Part id="unread" title={t('unread')} of={useNewest()}>
      {({ items, unread }) =>
        unread === 0 ? (
          <Text c="dimmed">{t('no-unread')}</Text>
        ) : (
          <>
            <ul className={classes.list}>
              {items.map((one) => (
                <li key={one.notice_id}>
                  <Link to={one.page as never} className={classes.line}>
                    <span className={classes.what}>{one.title}</span>
                  </Link>
                </li>
              ))}
            </ul>
            <Anchor component={Link} to={'/inbox' as never}>
              {t('unread-all', { count: unread })}
            </Anchor>
          </>
        )
      }
    </Part>
  )
}
