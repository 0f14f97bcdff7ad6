import { Button, Group, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { SystemTerms, useTermsRules } from './SystemTerms'
import { change, type Tagged, type Terms } from './systems'

interface Props {
  system: Tagged
  onDone: () => void
  onClose: () => void
}

/** Other words or rights for a system that is there. */
export function ChangeSystem({ system, onDone, onClose }: Props) {
  const { t } = useTranslation(['desk', 'ui'])
  const { name, contact, scopes } = system
  const form = useForm({
    initialValues: { name, contact: contact ?? '', scopes: scopes as Terms['scopes'] },
    validate: useTermsRules(),
  })
  const { submit, busy, error } = useSubmit(form, async (values) => {
    await change(system, values)
    onDone()
    onClose()
  })
  return (
    <Form onSubmit={submit}>
      <Text>{t('system-change-text')}</Text>
      <SystemTerms form={form} />
      {error ? <Trouble error={error} /> : null}
      <Group>
        <Button type="submit" loading={busy}>
          {t('system-save')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('ui:cancel')}
        </Button>
      </Group>
    </Form>
  )
}
