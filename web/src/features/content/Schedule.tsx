import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { moscowInput, moscowMoment } from '../../ui/dates'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'

interface Props {
  at: string | null
  send: (at: string) => Promise<void>
}

/** When an item comes out by itself, in Moscow time. */
export function Schedule({ at, send }: Props) {
  const { t } = useTranslation(['content', 'ui'])
  const form = useForm({
    initialValues: { publish_at: at ? moscowInput(at) : '' },
    validate: { publish_at: (value) => (value ? null : t('ui:required')) },
  })
  const { submit, busy, error } = useSubmit(form, ({ publish_at }) => send(moscowMoment(publish_at)))
  return (
    <Form onSubmit={submit}>
      <TextInput
        type="datetime-local"
        label={t('schedule-at')}
        description={t('schedule-hint')}
        data-autofocus
        {...form.getInputProps('publish_at')}
      />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" loading={busy} w="fit-content">
        {t('schedule-do')}
      </Button>
    </Form>
  )
}
