import { Badge, Button, Card, FileButton, Group, Skeleton, Stack, Text, Textarea, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { clearSent } from '../../ui/clearSent'
import { Form } from '../../ui/Form'
import { moment } from '../../ui/dates'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import type { Known } from './tracking'

const LOOK_AGAIN = 15_000 // milliseconds

const at = ({ number, code }: Known) => ({
  path: { number: number.toUpperCase() },
  header: { 'Tracking-Code': code },
})

/** What was written to the desk and what it answered, and the way to write more. */
export function TicketThread({ known }: { known: Known }) {
  const { t } = useTranslation('support')
  const ticket = useQuery({
    queryKey: ['ticket', known],
    queryFn: () => unwrap(identity.GET('/api/identity/support/tickets/{number}', { params: at(known) })),
    refetchInterval: LOOK_AGAIN,
  })
  if (ticket.isPending) return <Skeleton h={240} aria-label={t('track.title')} />
  if (ticket.isError) return <Trouble error={ticket.error} again={() => void ticket.refetch()} />
  const { number, state, thread, attachments, merged_into: merged } = ticket.data
  return (
    <Stack gap="lg">
      <Group>
        <Title order={2} size="h3">
          {t('ticket.number', { number })}
        </Title>
        <Badge color={state === 'resolved' || state === 'closed' ? 'green' : 'orange'}>
          {t(`ticket.${state}`)}
        </Badge>
      </Group>
      {merged && <Text>{t('ticket.merged', { number: merged })}</Text>}
      <Stack component="ol" gap="sm" p={0} m={0} style={{ listStyle: 'none' }} aria-live="polite">
        {thread.map((line) => (
          <Card
            key={`${line.at} ${line.text.slice(0, 20)}`}
            component="li"
            withBorder
            bg={line.author === 'desk' ? 'blue.0' : undefined}
          >
            <Text fw={600}>{line.name}</Text>
            <Text style={{ whiteSpace: 'pre-wrap' }}>{line.text}</Text>
            <Text size="sm" c="dimmed">
              <time dateTime={line.at}>{moment(line.at)}</time>
            </Text>
          </Card>
        ))}
      </Stack>
      {attachments.length > 0 && (
        <Text>{t('ticket.files', { names: attachments.map((one) => one.name).join(', ') })}</Text>
      )}
      {state !== 'closed' && <Write known={known} />}
    </Stack>
  )
}

function Write({ known }: { known: Known }) {
  const { t } = useTranslation(['support', 'ui'])
  const queries = useQueryClient()
  const show = (page: unknown) => queries.setQueryData(['ticket', known], page)
  const form = useForm({
    initialValues: { text: '' },
    validate: { text: (value) => (value.trim() ? null : t('ui:required')) },
  })
  const draft = useDraft(`ticket-${known.number}`, form)
  const { submit, busy, error } = useSubmit(form, async ({ text }, key) => {
    const { path, header } = at(known)
    const params = { path, header: { ...header, 'Idempotency-Key': key } }
    const page = await unwrap(
      identity.POST('/api/identity/support/tickets/{number}/messages', {
        params,
        body: { text, private: false },
      }),
    )
    draft.drop()
    clearSent(form, { text })
    show(page)
  })
  const attach = useMutation({
    mutationFn: (file: File) =>
      unwrap(
        identity.POST('/api/identity/support/tickets/{number}/attachments', {
          params: at(known),
          body: { file: file as unknown as string },
          bodySerializer: () => {
            const data = new FormData()
            data.append('file', file)
            return data
          },
        }),
      ),
    onSuccess: show,
  })
  return (
    <Form onSubmit={submit}>
      <Textarea label={t('ticket.write')} {...form.getInputProps('text')} />
      {(error ?? attach.error) ? <Trouble error={error ?? attach.error} /> : null}
      <Group>
        <Button type="submit" loading={busy}>
          {t('ticket.send')}
        </Button>
        <FileButton
          accept="image/png,image/jpeg,application/pdf,text/plain"
          onChange={(file) => file && attach.mutate(file)}
        >
          {(props) => (
            <Button variant="default" loading={attach.isPending} {...props}>
              {t('ticket.attach')}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {t('ticket.attach-hint')}
        </Text>
      </Group>
    </Form>
  )
}
