import { Button, Checkbox, Code, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { loadTypes, nameOf, subscribe } from './webhooks'

interface Props {
  onMade: () => void
  onClose: () => void
}

/** Who is told of what, and where; then the secret, once. */
export function NewWebhook({ onMade, onClose }: Props) {
  const { t } = useTranslation(['desk', 'ui'])
  const [secret, setSecret] = useState('')
  const { data: types = [] } = useQuery({ queryKey: ['desk-webhook-types'], queryFn: loadTypes })
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: { name: '', url: 'https://', types: [] as string[] },
    validate: {
      name: filled,
      url: filled,
      types: (value) => (value.length > 0 ? null : t('webhook-types-required')),
    },
  })
  const { submit, busy, error } = useSubmit(form, async (values) => {
    setSecret((await subscribe({ ...values, url: values.url.trim() })).secret)
    onMade()
  })
  if (secret) return <Secret secret={secret} onClose={onClose} />
  return (
    <Form onSubmit={submit}>
      <TextInput label={t('webhook-name')} {...form.getInputProps('name')} />
      <TextInput
        label={t('webhook-url')}
        description={t('webhook-url-hint')}
        inputMode="url"
        {...form.getInputProps('url')}
      />
      <Checkbox.Group label={t('webhook-types')} {...form.getInputProps('types')}>
        <Stack gap="xs" mt="xs">
          {types.map((type) => (
            <Checkbox key={type} value={type} label={t(`webhook-type.${nameOf(type)}`, type)} />
          ))}
        </Stack>
      </Checkbox.Group>
      {error ? <Trouble error={error} /> : null}
      <Group>
        <Button type="submit" loading={busy}>
          {t('webhook-subscribe')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('ui:cancel')}
        </Button>
      </Group>
    </Form>
  )
}

/** Shown once: nobody can read it later, only make a new one. */
export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation(['desk', 'ui'])
  return (
    <Stack role="status">
      <Text>{t('webhook-secret-text')}</Text>
      <Code block>{secret}</Code>
      <Button w="fit-content" data-autofocus onClick={onClose}>
        {t('webhook-secret-kept')}
      </Button>
    </Stack>
  )
}
