import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { fullName } from '../../ui/names'
import { Trouble } from '../../ui/Trouble'
import type { Lesson } from './lessons'
import classes from './Lessons.module.css'
import { type Attendance, attendanceKey, loadAttendance, type Pupil, saveAttendance } from './works'

const SEEN = new Map([
  [true, 'there'],
  [false, 'away'],
  [null, 'unknown'],
] as const)

const EARLY = 15 * 60_000 // milliseconds before the lesson, from which it can be said

type Change = { pupil_id: string; is_present: boolean }[]

/** Who is there: a touch says so, another one takes it back. */
export function AttendanceList({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('lessons')
  const id = lesson.lesson_id
  const queries = useQueryClient()
  const key = attendanceKey(id)
  const list = useQuery({ queryKey: key, queryFn: () => loadAttendance(id) })
  const save = useMutation({
    // One after the other: each is over the version that the last one answered
    scope: { id: key.join(' ') },
    mutationFn: (change: Change) =>
      saveAttendance(id, change, queries.getQueryData<Attendance>(key)?.etag ?? ''),
    onMutate: (change) =>
      queries.setQueryData<Attendance>(key, (now) => now && { ...now, pupils: changed(now.pupils, change) }),
    onSuccess: ({ etag }) => queries.setQueryData<Attendance>(key, (now) => now && { ...now, etag }),
    onError: () => queries.invalidateQueries({ queryKey: key }),
  })
  if (list.isPending) return <Skeleton h={320} />
  if (list.error) return <Trouble error={list.error} again={() => void list.refetch()} />
  const { pupils } = list.data
  const isEarly = list.dataUpdatedAt < +new Date(lesson.starts) - EARLY
  const mayWrite = lesson.is_own && lesson.state !== 'cancelled' && !isEarly
  const unknown = pupils.filter(({ is_present }) => is_present === null)
  const there = pupils.filter(({ is_present }) => is_present).length
  if (pupils.length === 0) return <Text c="dimmed">{t('no-pupils')}</Text>
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Text role="status">{t('there-are', { there, all: pupils.length })}</Text>
        {mayWrite && unknown.length > 0 && (
          <Button
            variant="default"
            onClick={() => save.mutate(unknown.map(({ pupil_id }) => ({ pupil_id, is_present: true })))}
          >
            {t('all-there')}
          </Button>
        )}
      </Group>
      {lesson.is_own && isEarly && <Text c="dimmed">{t('seen-later')}</Text>}
      {save.error && <Trouble error={save.error} />}
      {pupils.map((pupil) => (
        <button
          key={pupil.pupil_id}
          type="button"
          className={classes.pupil}
          data-seen={SEEN.get(pupil.is_present)}
          disabled={!mayWrite}
          onClick={() => save.mutate([{ pupil_id: pupil.pupil_id, is_present: !pupil.is_present }])}
        >
          <span>
            {fullName(pupil)}
            {lesson.classes.length > 1 && (
              <Text span c="dimmed">
                {' '}
                {pupil.class_name}
              </Text>
            )}
          </span>
          <span>{t(`seen.${SEEN.get(pupil.is_present)}`)}</span>
        </button>
      ))}
    </Stack>
  )
}

function changed(pupils: Pupil[], change: Change): Pupil[] {
  const said = new Map(change.map(({ pupil_id, is_present }) => [pupil_id, is_present]))
  return pupils.map((one) => ({ ...one, is_present: said.get(one.pupil_id) ?? one.is_present }))
}
