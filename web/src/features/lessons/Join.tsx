import { Alert, Button, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/problem'
import { timeOf } from '../../ui/dates'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { HandIn } from './HandIn'
import { fileOfClass, type Joined, look } from './join'
import classes from './Lessons.module.css'
import { sizeOf } from '../../ui/sizes'
import { dayName, dayOf } from './when'

const route = getRouteApi('/join/$code')
const LOOK_AGAIN = 15_000 // milliseconds

/** A pupil's page: the lesson, the way in while it goes on, what it is taught with, what is to be handed in. */
export function Join() {
  const { t } = useTranslation('lessons')
  const { code } = route.useParams()
  const lesson = useQuery({
    queryKey: ['join', code],
    queryFn: () => look(code),
    retry: false,
    refetchInterval: (asked) => (asked.state.error ? false : LOOK_AGAIN),
  })
  const isGone = lesson.error instanceof Refused && lesson.error.problem.status === 404
  return (
    <Page title={lesson.data?.title ?? t(isGone ? 'join.gone' : 'lesson')} narrow>
      {lesson.isPending && <Skeleton h={240} />}
      {isGone && <Text>{t('join.gone-text')}</Text>}
      {lesson.error && !isGone && <Trouble error={lesson.error} again={() => void lesson.refetch()} />}
      {lesson.data && !isGone && <Lesson code={code} lesson={lesson.data} now={lesson.dataUpdatedAt} />}
    </Page>
  )
}

function Lesson({ code, lesson, now }: { code: string; lesson: Joined; now: number }) {
  return (
    <>
      <Stack gap={4}>
        <Text size="lg">
          {dayName(dayOf(new Date(lesson.starts)))}, {timeOf(lesson.starts)}–{timeOf(lesson.ends)}
        </Text>
        <Text c="dimmed">
          {[lesson.subject, lesson.class_name, lesson.school].filter(Boolean).join(', ')}
        </Text>
      </Stack>
      <Door lesson={lesson} />
      {lesson.materials.length > 0 && <Materials code={code} lesson={lesson} />}
      {lesson.state !== 'cancelled' && lesson.assignments.length > 0 && (
        <HandIn code={code} lesson={lesson} now={now} />
      )}
    </>
  )
}

function Door({ lesson }: { lesson: Joined }) {
  const { t } = useTranslation('lessons')
  if (lesson.link) {
    return (
      <Button component="a" href={lesson.link} target="_blank" rel="noopener noreferrer" size="lg">
        {t('join.enter')}
      </Button>
    )
  }
  const off = lesson.state === 'cancelled'
  return (
    <Alert
      color={off ? 'red' : 'blue'}
      variant="light"
      role="status"
      title={t(`join.${lesson.state}`)}
      styles={{ title: { fontSize: '1rem' } }}
    >
      <Text c="dark.9">{t(`join.${lesson.state}-text`)}</Text>
    </Alert>
  )
}

function Materials({ code, lesson }: { code: string; lesson: Joined }) {
  const { t } = useTranslation('lessons')
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t('materials')}
      </Title>
      {lesson.materials.map((one) => (
        <div key={one.material_id} className={classes.row}>
          {one.url ? (
            <a href={one.url} target="_blank" rel="noopener noreferrer">
              {one.title}
            </a>
          ) : (
            <span>
              <a href={fileOfClass(code, one.material_id)} download={one.file_name ?? one.title}>
                {one.title}
              </a>
              <Text span c="dimmed">
                {' '}
                · {sizeOf(one.size ?? 0)}
              </Text>
            </span>
          )}
        </div>
      ))}
    </Stack>
  )
}
