import { Button, Checkbox, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { register, SCOPES, type Wish, wordOf } from './systems'

interface Props {
  onMade: () => void
  onClose: () => void
}

/** Who answers for it, the public half of its key, and what it may read. */
export function NewSystem({ onMade, onClose }: Props) {
  const { t } = useTranslation(['desk', 'ui'])
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: { name: '', contact: '', key: '', scopes: [] as Wish['scopes'] },
    validate: {
      name: filled,
      contact: filled,
      key: filled,
      scopes: (value) => (value.length > 0 ? null : t('system-scopes-required')),
    },
  })
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    await register(values, key)
    onMade()
  })
  return (
    <Form onSubmit={submit}>
      <TextInput label={t('system-name')} {...form.getInputProps('name')} />
      <TextInput
        label={t('system-contact')}
        description={t('system-contact-hint')}
        inputMode="email"
        {...form.getInputProps('contact')}
      />
      <Textarea
        label={t('system-key')}
        description={t('system-key-hint')}
        minRows={4}
        spellCheck={false}
        {...form.getInputProps('key')}
      />
      <Checkbox.Group label={t('system-scopes')} {...form.getInputProps('scopes')}>
        <Stack gap="xs" mt="xs">
          {SCOPES.map((scope) => (
            <Checkbox key={scope} value={scope} label={t(wordOf(scope))} />
          ))}
        </Stack>
      </Checkbox.Group>
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
