import { Button, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { Page } from '../../ui/Page'
import { Progress } from './Progress'
import { TicketThread } from './TicketThread'
import { isTicket, knownFrom } from './tracking'

/** Number and code, or the mail's link, open the timeline. */
export function Track() {
  const { t } = useTranslation('support')
  const known = knownFrom(useLocation().hash)
  const Shown = isTicket(known) ? TicketThread : Progress
  return (
    <Page title={t('track.title')} narrow>
      {known.number && known.code ? <Shown key={`${known.number} ${known.code}`} known={known} /> : <Enter />}
    </Page>
  )
}

function Enter() {
  const { t } = useTranslation(['support', 'ui'])
  const navigate = useNavigate()
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: { number: '', code: '' },
    validate: { number: filled, code: filled },
  })
  const open = form.onSubmit((values) => {
    const hash = new URLSearchParams({ number: values.number.trim(), code: values.code.trim() }).toString()
    void navigate({ to: '/track', hash })
  })
  return (
    <Form onSubmit={open}>
      <Text>{t('track.text')}</Text>
      <TextInput
        label={t('number')}
        placeholder="R26-000123"
        autoComplete="off"
        {...form.getInputProps('number')}
      />
      <TextInput label={t('code')} autoComplete="off" {...form.getInputProps('code')} />
      <Button type="submit" w="fit-content">
        {t('track.open')}
      </Button>
    </Form>
  )
}
