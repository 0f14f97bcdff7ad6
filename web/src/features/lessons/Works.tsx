import { Button, Card, Group, Select, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { fullName } from '../../ui/names'
import { Trouble } from '../../ui/Trouble'
import { useListing } from '../../ui/useListing'
import { GradeForm } from './GradeForm'
import { KEY, type Lesson } from './lessons'
import classes from './Lessons.module.css'
import { Remove } from './Remove'
import {
  attendanceKey,
  loadAttendance,
  loadWorks,
  nameAuthor,
  type Pupil,
  removeWork,
  type Work,
  worksKey,
} from './works'

const LOOK_AGAIN = 15_000 // milliseconds

/** What was handed in: read, given to its author, marked. */
export function Works({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('lessons')
  const id = lesson.lesson_id
  const listed = useListing(worksKey(id), (cursor) => loadWorks(id, cursor), LOOK_AGAIN)
  const pupils = useQuery({ queryKey: attendanceKey(id), queryFn: () => loadAttendance(id) })
  return (
    <Listing listed={listed} empty={t('works-empty')}>
      {(items) => (
        <Stack gap="md">
          {items.map((work) => (
            <OneWork key={work.work_id} lesson={lesson} work={work} pupils={pupils.data?.pupils ?? []} />
          ))}
        </Stack>
      )}
    </Listing>
  )
}

interface Props {
  lesson: Lesson
  work: Work
  pupils: Pupil[]
}

function OneWork({ lesson, work, pupils }: Props) {
  const { t } = useTranslation('lessons')
  const task = lesson.assignments.find(({ assignment_id }) => assignment_id === work.assignment_id)
  const typed = `${work.last_name} ${work.first_name}`
  const { pupil } = work
  return (
    <Card withBorder padding="md" component="article" aria-label={typed}>
      <Stack gap="sm">
        <div>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {pupil ? fullName(pupil) : typed}, {work.class_name}
          </Text>
          {pupil && fullName(pupil).toLowerCase() !== typed.toLowerCase() && (
            <Text size="sm" c="dimmed">
              {t('typed', { name: typed })}
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {task?.title}, {moment(work.at)}
          </Text>
        </div>
        {work.text && <Text className={classes.words}>{work.text}</Text>}
        {work.links.map((link) => (
          <a key={link} href={link} target="_blank" rel="noopener noreferrer" className={classes.words}>
            {link}
          </a>
        ))}
        {work.pupil && (lesson.is_own || work.grade) && <GradeForm lesson={lesson} work={work} />}
        {lesson.is_own && <Author lesson={lesson} work={work} pupils={pupils} />}
      </Stack>
    </Card>
  )
}

/** Whose it is; work that is marked keeps its author. */
function Author({ lesson, work, pupils }: Props) {
  const { t } = useTranslation('lessons')
  const queries = useQueryClient()
  const [isOther, setOther] = useState(false)
  const settle = async () => {
    await queries.invalidateQueries({ queryKey: worksKey(lesson.lesson_id) })
    void queries.invalidateQueries({ queryKey: [...KEY, 'week'] })
  }
  const name = useMutation({
    mutationFn: (pupil_id: string) => nameAuthor(lesson.lesson_id, work, pupil_id),
    onSuccess: () => setOther(false),
    onSettled: settle,
  })
  if (work.grade) return null
  const isAsked = isOther || !work.pupil
  return (
    <Stack gap="xs">
      {!work.pupil && <Text className={classes.waits}>{t('of-nobody')}</Text>}
      {isAsked && (
        <Select
          label={t('author')}
          placeholder={t('author-choose')}
          searchable
          nothingFoundMessage={t('nobody-found')}
          data={pupils
            .filter(({ class_name }) => class_name === work.class_name)
            .map((one) => ({ value: one.pupil_id, label: fullName(one) }))}
          value={work.pupil?.pupil_id ?? null}
          allowDeselect={false}
          disabled={name.isPending}
          onChange={(value) => value && name.mutate(value)}
        />
      )}
      <Group gap="xs" ml={-12}>
        {!isAsked && (
          <Button variant="subtle" px="sm" onClick={() => setOther(true)}>
            {t('other-author')}
          </Button>
        )}
        <Remove
          name={`${work.last_name} ${work.first_name}`}
          text={t('remove-work')}
          act={() => removeWork(lesson.lesson_id, work)}
          done={settle}
        />
      </Group>
      {name.error && <Trouble error={name.error} />}
    </Stack>
  )
}
