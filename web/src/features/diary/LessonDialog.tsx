import { Alert, Button, Group, Select, SimpleGrid, Skeleton, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cabinet, unwrap } from '../../api/client'
import { Refused } from '../../api/problem'
import { loadToday, TODAY } from '../../api/today'
import { Dialog } from '../../ui/Dialog'
import { FileList } from '../../ui/files/FileList'
import { FilesField } from '../../ui/files/FilesField'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { filesOf, type Lesson, loadLesson, today } from './api'
import { journalKey, type Of } from './journal'
import type { May } from './may'
import type { Sheet } from './sheet'

interface Props {
  of: Of
  sheet: Sheet
  /** An id, `new` for one that is added, null for none. */
  lesson: string | null
  may: May
  close: () => void
}

/** A lesson: when, about what, with what homework, and what its marks weigh. */
export function LessonDialog({ of, sheet, lesson, may, close }: Props) {
  const { t } = useTranslation('diary')
  const isNew = lesson === 'new'
  const known = useQuery({
    queryKey: ['lesson', lesson],
    queryFn: () => loadLesson(lesson!),
    enabled: lesson !== null && !isNew,
    gcTime: 0,
  })
  const planned = useQuery({ queryKey: TODAY, queryFn: loadToday, enabled: isNew, staleTime: 0 })
  const next = planned.data?.find(
    (one) => one.class_id === of.class && one.subject_id === of.subject && !one.lesson_id,
  )
  const isReady = isNew ? !planned.isFetching : known.data !== undefined
  const mayWrite = isNew || may.whyNot(known.data?.date ?? '') !== 'foreign'
  return (
    <Dialog title={t(isNew ? 'lesson-new' : 'lesson')} opened={lesson !== null} onClose={close}>
      {known.isError && <Trouble error={known.error} again={() => void known.refetch()} />}
      {lesson !== null && !isReady && !known.isError && <Skeleton h={320} />}
      {known.data && !mayWrite && <Told lesson={known.data} />}
      {lesson !== null && isReady && mayWrite && (
        <Fields
          key={lesson}
          of={of}
          sheet={sheet}
          known={known.data ?? null}
          number={next?.number ?? 1}
          close={close}
        />
      )}
    </Dialog>
  )
}

function Told({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('diary')
  return (
    <>
      <Text>{lesson.topic ?? t('no-topic')}</Text>
      {lesson.homework && <Text>{t('homework-is', { homework: lesson.homework })}</Text>}
      {lesson.attached.length > 0 && (
        <FileList files={lesson.attached} at={filesOf(lesson.lesson_id)} label={t('homework-files')} />
      )}
    </>
  )
}

interface FieldsProps {
  of: Of
  sheet: Sheet
  known: Lesson | null
  /** By the timetable, of one that is added. */
  number: number
  close: () => void
}

function Fields({ of, sheet, known, number, close }: FieldsProps) {
  const { t } = useTranslation(['diary', 'ui'])
  const queries = useQueryClient()
  const [theirs, setTheirs] = useState<Lesson | null>(null)
  const version = (theirs ?? known)?.version ?? 0
  const weight = known ? String(sheet.weightOf(known.lesson_id)) : '1'
  const form = useForm({
    initialValues: {
      date: known?.date ?? today(),
      number: String(known?.number ?? number),
      topic: known?.topic ?? '',
      homework: known?.homework ?? '',
      homework_due: known?.homework_due ?? '',
      files: known?.attached ?? [],
      weight,
    },
    validate: { date: (value) => (value ? null : t('ui:required')) },
  })
  async function save(body: object, key: string): Promise<Lesson> {
    try {
      return (await (known
        ? change(known.lesson_id, version, body)
        : add(of, body, key))) as unknown as Lesson
    } catch (refusal) {
      if (refusal instanceof Refused && refusal.problem.status === 412) {
        setTheirs(await loadLesson(known!.lesson_id))
      }
      throw refusal
    }
  }

  const settle = () => queries.invalidateQueries({ queryKey: journalKey(of) })
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    const body = {
      date: values.date,
      number: Number(values.number),
      topic: values.topic.trim() || null,
      homework: values.homework.trim() || null,
      homework_due: values.homework_due || null,
      files: values.files.map((one) => one.file_id),
    }
    const saved = await save(body, key)
    if (values.weight !== weight) sheet.weigh(saved.lesson_id, Number(values.weight))
    await settle()
    close()
  })

  const remove = useMutation({
    mutationFn: () =>
      unwrap(
        cabinet.DELETE('/api/cabinet/lessons/{lesson_id}', {
          params: { path: { lesson_id: known!.lesson_id }, header: { 'If-Match': `"${version}"` } },
        }),
      ),
    onSuccess: async () => {
      await settle()
      close()
    },
  })
  const numbers = Array.from({ length: 13 }, (_, number) => String(number))
  return (
    <Form onSubmit={submit}>
      <SimpleGrid cols={2}>
        <TextInput type="date" label={t('date')} {...form.getInputProps('date')} />
        <Select label={t('number')} data={numbers} allowDeselect={false} {...form.getInputProps('number')} />
      </SimpleGrid>
      <TextInput label={t('topic')} data-autofocus maxLength={1000} {...form.getInputProps('topic')} />
      <Textarea label={t('homework')} {...form.getInputProps('homework')} />
      <FilesField
        label={t('homework-files')}
        hint={t('homework-files-hint')}
        {...form.getInputProps('files')}
      />
      <TextInput type="date" label={t('homework-due')} {...form.getInputProps('homework_due')} />
      <Select
        label={t('weight')}
        description={t('weight-hint')}
        data={[1, 2, 3, 4, 5].map((one) => ({ value: String(one), label: t(`weight-is.${one}`) }))}
        allowDeselect={false}
        {...form.getInputProps('weight')}
      />
      {theirs ? (
        <Alert color="orange" variant="light" role="alert" title={t('lesson-changed')}>
          <Text c="dark.9">
            {t('lesson-changed-text', {
              topic: theirs.topic ?? t('no-topic'),
              homework: theirs.homework ?? t('no-homework'),
            })}
          </Text>
        </Alert>
      ) : (
        error !== null && <Trouble error={error} />
      )}
      {remove.isError && <Trouble error={remove.error} />}
      <Group>
        <Button type="submit" loading={busy}>
          {t('save')}
        </Button>
        {known && (
          <Button variant="light" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t('lesson-remove')}
          </Button>
        )}
      </Group>
    </Form>
  )
}

const add = (of: Of, body: object, key: string) =>
  unwrap(
    cabinet.POST('/api/cabinet/lessons', {
      body: { ...body, class_id: of.class, subject_id: of.subject } as never,
      params: { header: { 'Idempotency-Key': key } },
    }),
  )

const change = (lesson_id: string, version: number, body: object) =>
  unwrap(
    cabinet.PATCH('/api/cabinet/lessons/{lesson_id}', {
      body: body as never,
      params: { path: { lesson_id }, header: { 'If-Match': `"${version}"` } },
    }),
  )
