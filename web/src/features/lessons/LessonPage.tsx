import { Alert, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/problem'
import { timeOf } from '../../ui/dates'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { Assignments } from './Assignments'
import { AttendanceList } from './AttendanceList'
import { keyOf, type Lesson, load } from './lessons'
import { Materials } from './Materials'
import { type Part, PARTS } from './routes'
import { Shares } from './Shares'
import { State } from './State'
import { Steps } from './Steps'
import { dayName, dayOf, weekOf } from './when'
import { Works } from './Works'

const LOOK_AGAIN = 60_000 // milliseconds

/** One lesson: what may be done now, and what it has. */
export function LessonPage() {
  const { t } = useTranslation('lessons')
  const { lesson: id } = useParams({ strict: false }) as { lesson: string }
  const lesson = useQuery({ queryKey: keyOf(id), queryFn: () => load(id), refetchInterval: LOOK_AGAIN })
  const isGone = lesson.error instanceof Refused && lesson.error.problem.status === 404
  return (
    <Page title={lesson.data?.title ?? t(isGone ? 'gone' : 'lesson')}>
      {lesson.isPending && <Skeleton h={320} />}
      {isGone && <Text>{t('gone-text')}</Text>}
      {lesson.error && !isGone && <Trouble error={lesson.error} again={() => void lesson.refetch()} />}
      {lesson.data && <Card lesson={lesson.data} />}
    </Page>
  )
}

function Card({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('lessons')
  const day = dayOf(new Date(lesson.starts))
  return (
    <>
      <Stack gap="xs">
        <Group gap="sm">
          <State of={lesson.state} />
          <Link to={'/lessons' as never} search={{ week: weekOf(day) } as never}>
            {t('to-week')}
          </Link>
        </Group>
        <Text size="lg">
          {dayName(day)}, {timeOf(lesson.starts)}–{timeOf(lesson.ends)}
        </Text>
        <Text>
          {lesson.subject}, {lesson.classes.map(({ name }) => name).join(', ')}
        </Text>
        {!lesson.is_own && <Text c="dimmed">{lesson.teacher}</Text>}
      </Stack>
      {lesson.reason && (
        <Alert color="red" variant="light" title={t('cancelled-why')}>
          <Text c="dark.9">{lesson.reason}</Text>
        </Alert>
      )}
      <Steps lesson={lesson} />
      <Parts lesson={lesson} />
    </>
  )
}

function Parts({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('lessons')
  const navigate = useNavigate()
  const part = (useSearch({ strict: false }) as { part?: Part }).part ?? 'lesson'
  const show = (value: string | null) =>
    void navigate({
      to: '.',
      search: { part: value === 'lesson' ? undefined : value },
      replace: true,
    } as never)
  return (
    <Tabs value={part} onChange={show} keepMounted={false}>
      <Tabs.List>
        {PARTS.map((one) => (
          <Tabs.Tab key={one} value={one} mih={44} px="sm">
            {t(`part.${one}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="lesson" pt="lg">
        <Stack gap="xl">
          <Shares lesson={lesson} />
          <Materials lesson={lesson} />
          <Assignments lesson={lesson} />
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="works" pt="lg">
        <Works lesson={lesson} />
      </Tabs.Panel>
      <Tabs.Panel value="attendance" pt="lg">
        <AttendanceList lesson={lesson} />
      </Tabs.Panel>
    </Tabs>
  )
}
