import { Button, Group, Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { Dialog } from './Dialog'
import { Form } from './Form'
import { Trouble } from './Trouble'
import { useSubmit } from './useSubmit'

interface Props {
  opened: boolean
  title: string
  /** Whom it touches. */
  text: string
  label: string
  hint?: string
  confirm: string
  onClose: () => void
  send: (reason: string) => Promise<void>
}

/** Asks why, before an act that takes something from people. */
export function Reason({ opened, title, onClose, ...rest }: Props) {
  return (
    <Dialog title={title} opened={opened} onClose={onClose}>
      <Ask {...rest} onClose={onClose} />
    </Dialog>
  )
}

function Ask({ text, label, hint, confirm, onClose, send }: Omit<Props, 'opened' | 'title'>) {
  const { t } = useTranslation('ui')
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (value) => (value.trim() ? null : t('required')) },
  })
  const { submit, busy, error } = useSubmit(form, ({ reason }) => send(reason))
  return (
    <Form onSubmit={submit}>
      <Text>{text}</Text>
      <Textarea label={label} description={hint} data-autofocus {...form.getInputProps('reason')} />
      {error ? <Trouble error={error} /> : null}
      <Group>
        <Button type="submit" color="red.9" loading={busy}>
          {confirm}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('cancel')}
        </Button>
      </Group>
    </Form>
  )
}
