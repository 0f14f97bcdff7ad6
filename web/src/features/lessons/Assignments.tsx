import { Button, Group, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moment, moscowInput } from '../../ui/dates'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import {
  type Assignment,
  changeAssignment,
  keyOf,
  type Lesson,
  removeAssignment,
  setAssignment,
} from './lessons'
import classes from './Lessons.module.css'
import { Remove } from './Remove'
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
        <Item key={one.assignment_id} lesson={lesson} assignment={one} mayChange={mayAdd} />
      ))}
      {mayAdd && !isAdding && (
        <Button variant="default" w="fit-content" onClick={() => setAdding(true)}>
          {t('add-task')}
        </Button>
      )}
      {isAdding && <Fields lesson={lesson} done={() => setAdding(false)} />}
    </Stack>
  )
}

interface ItemProps {
  lesson: Lesson
  assignment: Assignment
  mayChange: boolean
}

function Item({ lesson, assignment, mayChange }: ItemProps) {
  const { t } = useTranslation('lessons')
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  if (isOpen) return <Fields lesson={lesson} now={assignment} done={() => setOpen(false)} />
  return (
    <div className={classes.row}>
      <div>
        <Text fw={600}>{assignment.title}</Text>
        {assignment.text && <Text className={classes.words}>{assignment.text}</Text>}
        <Text size="sm" c="dimmed">
          {t('due', { at: moment(assignment.due) })}
        </Text>
      </div>
      {mayChange && (
        <Group gap="xs">
          <Button
            variant="subtle"
            px="sm"
            aria-label={t('change-of', { name: assignment.title })}
            onClick={() => setOpen(true)}
          >
            {t('change')}
          </Button>
          <Remove
            name={assignment.title}
            text={t('remove-task')}
            act={() => removeAssignment(lesson.lesson_id, assignment.assignment_id)}
            done={() => queries.invalidateQueries({ queryKey: keyOf(lesson.lesson_id) })}
          />
        </Group>
      )}
    </div>
  )
}

interface FieldsProps {
  lesson: Lesson
  now?: Assignment
  done: () => void
}

/** A new assignment, or one as it is now. */
function Fields({ lesson, now, done }: FieldsProps) {
  const { t } = useTranslation(['lessons', 'ui'])
  const queries = useQueryClient()
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: {
      title: now?.title ?? '',
      text: now?.text ?? '',
      due: now ? dayOf(new Date(now.due)) : inAWeek(),
      time: now ? moscowInput(now.due).slice(11) : '20:00',
    },
    validate: { title: filled, due: filled, time: filled },
  })
  const { submit, busy, error } = useSubmit(form, async ({ title, text, due, time }, key) => {
    const body = { title, text: text.trim() || null, due: inMoscow(due, time) }
    if (now) await changeAssignment(lesson.lesson_id, now, body)
    else await setAssignment(lesson.lesson_id, body, key)
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
          {t(now ? 'save' : 'set')}
        </Button>
        <Button variant="subtle" onClick={done}>
          {t('ui:cancel')}
        </Button>
      </Group>
    </Form>
  )
}
