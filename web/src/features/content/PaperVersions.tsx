import { Button, Card as Box, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { fullDate, moment } from '../../ui/dates'
import { Trouble } from '../../ui/Trouble'
import { Confirm } from './Confirm'
import { type Card, loadVersions, publishVersion, type Version } from './documents'
import { StateBadge } from './StateBadge'
import { VersionForm } from './VersionForm'

const READING = 2_000 // milliseconds, as long as the text of a file is being read

/** Versions of a document, the newest first; a draft waits for its publication. */
export function PaperVersions({ card }: { card: Card }) {
  const { t } = useTranslation('content')
  const queries = useQueryClient()
  const id = card.document_id
  const [adds, setAdds] = useState(false)
  const versions = useQuery({
    queryKey: ['paper', 'versions', id],
    queryFn: () => loadVersions(id),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.text_state === 'waiting') ? READING : false,
  })
  const settle = async () => {
    setAdds(false)
    for (const key of ['paper', 'papers', 'documents']) await queries.invalidateQueries({ queryKey: [key] })
  }
  const items = versions.data?.items ?? []
  return (
    <section aria-labelledby="versions">
      <Title order={2} size="h3" id="versions" mb="sm">
        {t('versions')}
      </Title>
      <Stack>
        {versions.isPending && <Skeleton h={96} />}
        {versions.error && <Trouble error={versions.error} again={() => void versions.refetch()} />}
        {items.map((one) => (
          <VersionCard key={one.no} version={one} card={card} settle={settle} />
        ))}
        {card.superseded_by ? (
          <Text>{t('paper-superseded')}</Text>
        ) : adds || (versions.isSuccess && items.length === 0) ? (
          <VersionForm card={card} done={settle} />
        ) : (
          <Button variant="default" w="fit-content" onClick={() => setAdds(true)}>
            {t(items[0]?.published_at ? 'version-new' : 'version-replace')}
          </Button>
        )}
      </Stack>
    </section>
  )
}

interface CardProps {
  version: Version
  card: Card
  settle: () => Promise<void>
}

function VersionCard({ version, card, settle }: CardProps) {
  const { t } = useTranslation('content')
  const { no, published_at, in_force_from, in_force_to, note, is_mandatory, acknowledge_by, text_state } =
    version
  const [asked, setAsked] = useState<'publish-document' | null>(null)
  const publish = useMutation({
    mutationFn: () => publishVersion(card.document_id, no, card.etag),
    onSuccess: async () => {
      setAsked(null)
      await settle()
    },
  })
  const save = useMutation({
    mutationFn: () => download(`/api/cabinet/documents/${card.document_id}/versions/${no}/file`, 'file'),
  })
  const facts = [
    `${t('in-force')}: ${fullDate(in_force_from)}${in_force_to ? ` — ${fullDate(in_force_to)}` : ''}`,
    is_mandatory && acknowledge_by && t('to-acknowledge', { at: moment(acknowledge_by) }),
    note,
    text_state === 'waiting' ? t('text-waiting') : text_state === 'failed' && t('text-failed'),
  ]
  return (
    <Box withBorder component="article" aria-label={t('version', { no })}>
      <Group justify="space-between">
        <Text fw={600}>{t('version', { no })}</Text>
        <StateBadge state={published_at ? 'published' : 'draft'} />
      </Group>
      {facts.filter(Boolean).map((fact) => (
        <Text key={String(fact)}>{fact}</Text>
      ))}
      {save.error && <Trouble error={save.error} />}
      <Group mt="sm">
        {!published_at && <Button onClick={() => setAsked('publish-document')}>{t('publish')}</Button>}
        <Button
          variant="default"
          aria-label={t('download-version', { no })}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          {t('download')}
        </Button>
      </Group>
      <Confirm
        of={asked}
        busy={publish.isPending}
        error={publish.error}
        onClose={() => setAsked(null)}
        onConfirm={() => publish.mutate()}
        text={t(is_mandatory ? 'confirm.publish-document-mandatory' : 'confirm.publish-document-text')}
      />
    </Box>
  )
}
