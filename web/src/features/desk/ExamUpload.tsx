import { Button, FileInput, Group, Select, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { UploadProgress } from '../../ui/UploadProgress'
import { useSubmit } from '../../ui/useSubmit'
import { useUpload } from '../../ui/useUpload'
import { type Batch, loadDictionary, toTry } from './examFiles'

const YEARS = 5 // that are offered

/** A file of results, tried first. */
export function ExamUpload() {
  const { t } = useTranslation(['desk', 'ui'])
  const navigate = useNavigate()
  const queries = useQueryClient()
  const known = useQuery({ queryKey: ['exam-dictionary'], queryFn: loadDictionary, staleTime: Infinity })
  const now = new Date().getFullYear()
  const form = useForm({
    initialValues: { exam: '', year: String(now), subject: '', file: null as File | null, reason: '' },
    validate: {
      exam: (exam) => (exam ? null : t('ui:required')),
      subject: (subject) => (subject ? null : t('ui:required')),
      file: (file) => (file ? null : t('file-needed')),
    },
  })
  const sending = useUpload()
  const { submit, busy, error } = useSubmit(form, async ({ file, ...about }, key) => {
    const batch = await sending.send<Batch>(toTry(file!, about, key))
    if (!batch) return
    void queries.invalidateQueries({ queryKey: ['desk-exams'] })
    await navigate({ to: `/desk/exams/${batch.batch_id}` } as never)
  })
  const exams = known.data?.items ?? []
  const subjects = exams.find(({ exam }) => exam === form.values.exam)?.subjects ?? []
  return (
    <Form onSubmit={submit}>
      {known.error ? <Trouble error={known.error} again={() => void known.refetch()} /> : null}
      <Group align="start" grow preventGrowOverflow={false}>
        <Select
          label={t('exam.exam')}
          data={exams.map(({ exam }) => exam)}
          allowDeselect={false}
          data-path="exam"
          {...form.getInputProps('exam')}
          value={form.values.exam || null}
          onChange={(exam) => form.setValues({ exam: exam ?? '', subject: '' })}
        />
        <Select
          label={t('exam.year')}
          data={Array.from({ length: YEARS }, (_, ago) => String(now - ago))}
          allowDeselect={false}
          {...form.getInputProps('year')}
        />
        <Select
          label={t('exam.subject')}
          data={subjects}
          disabled={subjects.length === 0}
          placeholder={subjects.length === 0 ? t('exam.subject-after') : undefined}
          allowDeselect={false}
          searchable
          nothingFoundMessage={t('exam.subject-none')}
          {...form.getInputProps('subject')}
          value={form.values.subject || null}
        />
      </Group>
      <FileInput
        label={t('file')}
        description={t('exam.file-hint')}
        placeholder={t('file-choose')}
        accept=".csv,.xlsx,text/csv"
        size="md"
        clearable
        clearButtonProps={{ 'aria-label': t('file-drop') }}
        {...form.getInputProps('file')}
      />
      <Text size="sm" maw="70ch">
        {t('exam.columns')}
      </Text>
      <TextInput
        label={t('exam.reason')}
        description={t('exam.reason-hint')}
        maxLength={300}
        {...form.getInputProps('reason')}
      />
      <UploadProgress of={sending} />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" loading={busy} w="fit-content">
        {t('import-try')}
      </Button>
    </Form>
  )
}
