import { Button, Group, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { SystemTerms, useTermsRules } from './SystemTerms'
import { register, type Wish } from './systems'

interface Props {
  onMade: () => void
  onClose: () => void
}

/** Who answers for it, what it may do, and the public half of its key. */
export function NewSystem({ onMade, onClose }: Props) {
  const { t } = useTranslation(['desk', 'ui'])
  const rules = useTermsRules()
  const form = useForm({
    initialValues: { name: '', contact: '', key: '', scopes: [] as Wish['scopes'] },
    validate: { ...rules, key: (value: string) => (value.trim() ? null : t('ui:required')) },
  })
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    await register(values, key)
    onMade()
  })
  return (
    <Form onSubmit={submit}>
      <SystemTerms form={form} />
      <Textarea
        label={t('system-key')}
        description={t('system-key-hint')}
        minRows={4}
        spellCheck={false}
        {...form.getInputProps('key')}
      />
      {error ? <Trouble error={error} /> : null}
      <Group>
        <Button type="submit" loading={busy}>
          {t('system-register')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('ui:cancel')}
        </Button>
      </Group>
    </Form>
  )
}
