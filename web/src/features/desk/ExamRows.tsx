import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Listing } from '../../ui/Listing'
import { Records } from '../../ui/Records'
import { useListing } from '../../ui/useListing'
import { loadRows, type Row, type Verdict } from './examFiles'

/** Rows of one verdict, with what is wrong or different. */
export function ExamRows({ id, verdict }: { id: string; verdict: Verdict }) {
  const { t } = useTranslation('desk')
  const listed = useListing(['desk-exam-rows', id, verdict], loadRows(id, verdict))
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t(`exam.rows.${verdict}`)}
      </Title>
      <Listing listed={listed} empty="">
        {(items) => (
          <Records
            caption={t('exam.rows-caption')}
            rows={items}
            keyOf={({ row }) => String(row)}
            columns={[
              { name: t('exam.row'), cell: ({ row }) => row },
              {
                name: t('exam.school'),
                cell: ({ school }) => <span title={school ?? undefined}>{school ?? '—'}</span>,
              },
              { name: t('exam.code'), cell: ({ code }) => code ?? '—' },
              {
                name: t(verdict === 'rejected' ? 'exam.reasons' : 'exam.changed'),
                cell: verdict === 'rejected' ? Reasons : Changed,
              },
            ]}
          />
        )}
      </Listing>
    </Stack>
  )
}

const Reasons = ({ reasons }: Row) => reasons.map(({ field, detail }) => <Text key={field}>{detail}</Text>)

function Changed({ changed }: Row) {
  const { t } = useTranslation('desk')
  return changed.map((field) => t(`exam.field.${field}`)).join(', ')
}
