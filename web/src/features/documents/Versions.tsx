import { Button, Skeleton, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { fullDate } from '../../ui/dates'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { loadVersions, type Shown, type Version } from './documents'

/** What has been published of a document, the newest first, each with its file. */
export function Versions({ document }: { document: Shown }) {
  const { t } = useTranslation('documents')
  const id = document.document_id
  const versions = useQuery({ queryKey: ['documents', 'versions', id], queryFn: () => loadVersions(id) })
  const save = useMutation({
    mutationFn: (no: number) =>
      download(`/api/cabinet/documents/${id}/versions/${no}/file`, `${document.number}.pdf`),
  })
  const until = (one: Version) => (one.in_force_to ? ` — ${fullDate(one.in_force_to)}` : '')
  const failed = versions.error ?? save.error
  return (
    <section aria-labelledby="versions">
      <Title order={2} size="h3" id="versions" mb="xs">
        {t('versions')}
      </Title>
      {versions.isPending && <Skeleton h={72} />}
      {failed && <Trouble error={failed} again={() => void versions.refetch()} />}
      <Records
        caption={t('versions-caption')}
        rows={versions.data?.items ?? []}
        keyOf={({ no }) => String(no)}
        columns={[
          {
            name: t('version'),
            cell: ({ no }) => (no === document.current_no ? t('version-current', { no }) : no),
          },
          { name: t('in-force'), cell: (one) => `${fullDate(one.in_force_from)}${until(one)}` },
          { name: t('note'), cell: ({ note }) => note || <Text c="dimmed">—</Text> },
          {
            name: t('file'),
            cell: ({ no }) => (
              <Button
                variant={no === document.current_no ? 'light' : 'default'}
                size="sm"
                aria-label={t('download-version', { no })}
                loading={save.isPending && save.variables === no}
                onClick={() => save.mutate(no)}
              >
                {t('download')}
              </Button>
            ),
          },
        ]}
      />
    </section>
  )
}
