import { Button, FileButton, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { idempotencyKey } from '../../api/client'
import { download } from '../../api/download'
import { moment } from '../../ui/dates'
import { Trouble } from '../../ui/Trouble'
import { sizeOf } from '../../ui/sizes'
import { UploadProgress } from '../../ui/UploadProgress'
import { useUpload } from '../../ui/useUpload'
import { attached, type DeskPage } from './tickets'

/** Files beside the thread: to be saved, never shown. */
export function Attachments({ ticket, settle }: { ticket: DeskPage; settle: () => void }) {
  const { t } = useTranslation('desk')
  const { number, attachments } = ticket
  const sending = useUpload()
  const add = useMutation({
    mutationFn: (file: File) => sending.send(attached(number, file, idempotencyKey())),
    onSuccess: settle,
  })
  const save = useMutation({
    mutationFn: ({ attachment_id, name }: DeskPage['attachments'][number]) =>
      download(`/api/identity/support/tickets/${number}/attachments/${attachment_id}`, name),
  })
  const failed = add.error ?? save.error
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t('files')}
      </Title>
      {attachments.length === 0 && <Text c="dimmed">{t('files-none')}</Text>}
      {attachments.map((file) => (
        <Group key={file.attachment_id} justify="space-between" gap="xs">
          <Text style={{ overflowWrap: 'anywhere' }}>
            {file.name}
            <Text span c="dimmed">
              {' '}
              · {sizeOf(file.size)} · {t(`from.${file.author}`)}, {moment(file.at)}
            </Text>
          </Text>
          <Button
            variant="subtle"
            aria-label={t('file-save', { name: file.name })}
            loading={save.isPending}
            onClick={() => save.mutate(file)}
          >
            {t('save')}
          </Button>
        </Group>
      ))}
      <UploadProgress of={sending} />
      {failed && <Trouble error={failed} />}
      {ticket.state !== 'closed' && (
        <FileButton
          accept="image/png,image/jpeg,application/pdf,text/plain"
          inputProps={{ 'aria-label': t('file-add') }}
          onChange={(file) => file && add.mutate(file)}
        >
          {(props) => (
            <Button {...props} variant="default" w="fit-content" loading={add.isPending}>
              {t('file-add')}
            </Button>
          )}
        </FileButton>
      )}
    </Stack>
  )
}
