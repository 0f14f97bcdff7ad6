import { Button, Checkbox, FileInput, Group, Radio, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { useListing } from '../../ui/useListing'
import { UploadProgress } from '../../ui/UploadProgress'
import { useSubmit } from '../../ui/useSubmit'
import { useUpload } from '../../ui/useUpload'
import { isRunning, type Job, type Kind, loadImports, toTry } from './imports'
import { State } from './State'

const LOOK_AGAIN = 5_000 // milliseconds

/** Files of the feed: a new one, and those that came before. */
export function Imports() {
  const { t } = useTranslation('desk')
  const listed = useListing(['desk-imports'], loadImports, LOOK_AGAIN)
  return (
    <Page title={t('section.imports')} wide>
      <Upload />
      <Title order={2} size="h4">
        {t('imports-before')}
      </Title>
      <Listing listed={listed} empty={t('imports-empty')}>
        {(items) => <Table items={items} />}
      </Listing>
    </Page>
  )
}

function Table({ items }: { items: Job[] }) {
  const { t } = useTranslation('desk')
  return (
    <Records
      caption={t('imports-caption')}
      rows={items}
      keyOf={(job) => job.import_id}
      columns={[
        {
          name: t('file'),
          cell: (job) => (
            <Link to={`/desk/imports/${job.import_id}` as never}>
              {job.file_name ?? t(`import-kind.${job.kind}`)}
            </Link>
          ),
        },
        { name: t('import-of'), cell: (job) => t(`import-kind.${job.kind}`) },
        { name: t('import-mode.label'), cell: (job) => t(`import-mode.${job.mode}`) },
        { name: t('filter.state'), cell: (job) => <State of="import" state={job.state} /> },
        {
          name: t('rows'),
          cell: (job) => (isRunning(job) ? t('rows-done', { done: job.done, total: job.total }) : job.total),
        },
        { name: t('when'), cell: (job) => moment(job.queued_at) },
      ]}
    />
  )
}

function Upload() {
  const { t } = useTranslation(['desk', 'ui'])
  const navigate = useNavigate()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { kind: 'schools' as Kind, file: null as File | null, snapshot: false },
    validate: { file: (file) => (file ? null : t('file-needed')) },
  })
  const sending = useUpload()
  const { submit, busy, error } = useSubmit(form, async ({ kind, file, snapshot }, key) => {
    const job = await sending.send<Job>(toTry(file!, kind, snapshot, key))
    if (!job) return
    void queries.invalidateQueries({ queryKey: ['desk-imports'] })
    await navigate({ to: `/desk/imports/${job.import_id}` } as never)
  })
  return (
    <Form onSubmit={submit}>
      <Radio.Group label={t('import-of')} {...form.getInputProps('kind')}>
        <Group mt="xs">
          <Radio value="schools" label={t('import-kind.schools')} />
          <Radio value="staff" label={t('import-kind.staff')} />
        </Group>
      </Radio.Group>
      <FileInput
        label={t('file')}
        description={t('file-hint')}
        placeholder={t('file-choose')}
        accept=".csv,.xlsx,text/csv"
        size="md"
        clearable
        clearButtonProps={{ 'aria-label': t('file-drop') }}
        {...form.getInputProps('file')}
      />
      <Checkbox
        label={t('snapshot')}
        description={t('snapshot-hint')}
        {...form.getInputProps('snapshot', { type: 'checkbox' })}
      />
      <UploadProgress of={sending} />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" loading={busy} w="fit-content">
        {t('import-try')}
      </Button>
    </Form>
  )
}
