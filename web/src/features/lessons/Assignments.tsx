import { Button, Group, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { type Assignment, keyOf, type Lesson, removeAssignment, setAssignment } from './lessons'
import classes from './Lessons.module.css'
import { dayOf, inMoscow } from './when'

const WEEK = 7 * 86_400_000 // milliseconds

const inAWeek = () => dayOf(new Date(Date.now() + WEEK))

/** What pupils are to hand in by when. */
export function Assignments({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('lessons')
  const [isAdding, setAdding] = useState(false)
  const mayAdd = lesson.is_own && lesson.state !== 'cancelled'
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t('assignments')}
      </Title>
      {lesson.assignments.length === 0 && <Text c="dimmed">{t('assignments-none')}</Text>}
      {lesson.assignments.map((one) => (
        <Item key={one.assignment_id} lesson={lesson} assignment={one} mayRemove={mayAdd} />
      ))}
      {mayAdd && !isAdding && (
        <Button variant="default" w="fit-content" onClick={() => setAdding(true)}>
          {t('set')}
        </Button>
      )}
      {isAdding && <Add lesson={lesson} done={() => setAdding(false)} />}
    </Stack>
  )
}

interface ItemProps {
  lesson: Lesson
  assignment: Assignment
  mayRemove: boolean
}

function Item({ lesson, assignment, mayRemove }: ItemProps) {
  const { t } = useTranslation('lessons')
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => removeAssignment(lesson.lesson_id, assignment.assignment_id),
    onSuccess: () => queries.invalidateQueries({ queryKey: keyOf(lesson.lesson_id) }),
  })
  return (
    <>
      <div className={classes.row}>
        <div>
          <Text fw={600}>{assignment.title}</Text>
          {assignment.text && <Text className={classes.words}>{assignment.text}</Text>}
          <Text size="sm" c="dimmed">
            {t('due', { at: moment(assignment.due) })}
          </Text>
        </div>
        {mayRemove && (
          <Button
            variant="subtle"
            color="red"
            aria-label={t('remove-of', { name: assignment.title })}
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            {t('remove')}
          </Button>
        )}
      </div>
      {remove.error && <Trouble error={remove.error} />}
    </>
  )
}

function Add({ lesson, done }: { lesson: Lesson; done: () => void }) {
  const { t } = useTranslation(['lessons', 'ui'])
  const queries = useQueryClient()
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: { title: '', text: '', due: inAWeek(), time: '20:00' },
    validate: { title: filled, due: filled, time: filled },
  })
  const { submit, busy, error } = useSubmit(form, async ({ title, text, due, time }, key) => {
    const body = { title, text: text.trim() || null, due: inMoscow(due, time) }
    await setAssignment(lesson.lesson_id, body, key)
    await queries.invalidateQueries({ queryKey: keyOf(lesson.lesson_id) })
    done()
  })
  return (
    <Form onSubmit={submit}>
      <TextInput label={t('task-title')} withAsterisk {...form.getInputProps('title')} />
      <Textarea label={t('task-text')} {...form.getInputProps('text')} />
      <Group align="start" gap="sm">
        <TextInput
          type="date"
          label={t('task-due')}
          withAsterisk
          style={{ flex: '1 1 150px' }}
          {...form.getInputProps('due')}
        />
        <TextInput
          type="time"
          label={t('task-time')}
          withAsterisk
          style={{ flex: '1 1 110px' }}
          {...form.getInputProps('time')}
        />
      </Group>
      {error ? <Trouble error={error} /> : null}
      <Group gap="sm">
        <Button type="submit" variant="light" loading={busy}>
          {t('set')}
        </Button>
        <Button variant="subtle" onClick={done}>
          {t('ui:cancel')}
        </Button>
      </Group>
    </Form>
  )
}
