import { Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { useListing } from '../../ui/useListing'
import { ExamUpload } from './ExamUpload'
import { type Batch, isRunning, loadBatches, titleOf } from './examFiles'
import { State } from './State'

const LOOK_AGAIN = 5_000 // milliseconds

/** Files of exam results: a new one, and those that came before. */
export function ExamFiles() {
  const { t } = useTranslation('desk')
  const listed = useListing(['desk-exams'], loadBatches, LOOK_AGAIN)
  return (
    <Page title={t('exam.title')} wide>
      <ExamUpload />
      <Title order={2} size="h4">
        {t('imports-before')}
      </Title>
      <Listing listed={listed} empty={t('exam.empty')}>
        {(items) => <Table items={items} />}
      </Listing>
    </Page>
  )
}

function Table({ items }: { items: Batch[] }) {
  const { t } = useTranslation('desk')
  return (
    <Records
      caption={t('imports-caption')}
      rows={items}
      keyOf={(batch) => batch.batch_id}
      columns={[
        {
          name: t('exam.about'),
          cell: (batch) => <Link to={`/desk/exams/${batch.batch_id}` as never}>{titleOf(batch)}</Link>,
        },
        { name: t('file'), cell: (batch) => batch.file_name },
        {
          name: t('import-mode.label'),
          cell: (batch) => t(batch.published_at ? 'exam.published' : `exam.mode.${batch.mode}`),
        },
        { name: t('filter.state'), cell: (batch) => <State of="import" state={batch.state} /> },
        {
          name: t('rows'),
          cell: (batch) =>
            isRunning(batch) ? t('rows-done', { done: batch.done, total: batch.total }) : batch.total,
        },
        { name: t('when'), cell: (batch) => moment(batch.queued_at) },
      ]}
    />
  )
}
