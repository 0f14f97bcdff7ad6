import { Button, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { timeOf } from '../../ui/dates'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import classes from './Lessons.module.css'
import { KEY, type Line, loadWeek } from './lessons'
import { State } from './State'
import { dayName, dayOf, moveWeek, weekName, weekOf } from './when'

const LOOK_AGAIN = 60_000 // milliseconds

/** A week of online lessons, day by day. */
export function Lessons() {
  const { t } = useTranslation('lessons')
  const now = weekOf(dayOf(new Date()))
  const week = (useSearch({ strict: false }) as { week?: string }).week ?? now
  const lessons = useQuery({
    queryKey: [...KEY, 'week', week],
    queryFn: () => loadWeek(week),
    refetchInterval: LOOK_AGAIN,
  })
  return (
    <Page title={t('title')}>
      <Button component={Link} to="/lessons/new" w="fit-content">
        {t('plan')}
      </Button>
      <Weeks week={week} now={now} />
      {lessons.error && <Trouble error={lessons.error} again={() => void lessons.refetch()} />}
      {lessons.isPending && <Loading />}
      {lessons.data?.length === 0 && <Text c="dimmed">{t('empty')}</Text>}
      {lessons.data && byDay(lessons.data).map(([day, items]) => <Day key={day} day={day} items={items} />)}
    </Page>
  )
}

function Weeks({ week, now }: { week: string; now: string }) {
  const { t } = useTranslation('lessons')
  const way = (to: string, name: string, sign: string) => (
    <Button
      component={Link}
      to={'/lessons' as never}
      search={{ week: to === now ? undefined : to } as never}
      variant="default"
      px="md"
      aria-label={name}
    >
      {sign}
    </Button>
  )
  return (
    <nav className={classes.weeks} aria-label={t('weeks')}>
      <Text fw={600} aria-live="polite">
        {weekName(week)}
        {week === now && (
          <Text span c="dimmed" fw={400}>
            {' '}
            {t('this-week')}
          </Text>
        )}
      </Text>
      {way(moveWeek(week, -1), t('week-before'), '←')}
      {way(moveWeek(week, 1), t('week-after'), '→')}
    </nav>
  )
}

function Day({ day, items }: { day: string; items: Line[] }) {
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {dayName(day)}
      </Title>
      <ul className={classes.list}>
        {items.map((lesson) => (
          <li key={lesson.lesson_id}>
            <Item lesson={lesson} />
          </li>
        ))}
      </ul>
    </Stack>
  )
}

function Item({ lesson }: { lesson: Line }) {
  const { t } = useTranslation('lessons')
  const of = [lesson.subject, lesson.classes.join(', '), lesson.is_own ? null : lesson.teacher]
  return (
    <Link to={`/lessons/${lesson.lesson_id}` as never} className={classes.line} data-state={lesson.state}>
      <span className={classes.time}>
        {timeOf(lesson.starts)}–{timeOf(lesson.ends)}
      </span>
      <span>
        <span className={classes.title}>{lesson.title}</span>
        <Text span display="block" c="dimmed" size="sm">
          {of.filter(Boolean).join(' · ')}
        </Text>
        {!!lesson.waiting && (
          <Text span display="block" size="sm" className={classes.waits}>
            {t('waiting', { count: lesson.waiting })}
          </Text>
        )}
      </span>
      <State of={lesson.state} />
    </Link>
  )
}

function Loading() {
  const { t } = useTranslation('ui')
  return (
    <Stack gap="xs" role="status" aria-label={t('loading')}>
      <Skeleton h={24} w={180} />
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} h={64} />
      ))}
    </Stack>
  )
}

function byDay(items: Line[]): [string, Line[]][] {
  const days = new Map<string, Line[]>()
  for (const one of items) {
    const day = dayOf(new Date(one.starts))
    days.set(day, [...(days.get(day) ?? []), one])
  }
  return [...days]
}
