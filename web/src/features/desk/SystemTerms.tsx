import { Checkbox, Stack, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { SCOPES, type Terms, wordOf } from './systems'

/** What is asked of each of them. */
export function useTermsRules() {
  const { t } = useTranslation(['desk', 'ui'])
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  return {
    name: filled,
    contact: filled,
    scopes: (value: Terms['scopes']) => (value.length > 0 ? null : t('system-scopes-required')),
  }
}

interface Props<T extends Terms> {
  form: Pick<UseFormReturnType<T>, 'getInputProps'>
}

/** Its name, who answers for it, and what it may do. */
export function SystemTerms<T extends Terms>({ form }: Props<T>) {
  const { t } = useTranslation('desk')
  return (
    <>
      <TextInput label={t('system-name')} {...form.getInputProps('name')} />
      <TextInput
        label={t('system-contact')}
        description={t('system-contact-hint')}
        inputMode="email"
        {...form.getInputProps('contact')}
      />
      <Checkbox.Group label={t('system-scopes')} {...form.getInputProps('scopes')}>
        <Stack gap="xs" mt="xs">
          {SCOPES.map((scope) => (
            <Checkbox key={scope} value={scope} label={t(wordOf(scope))} />
          ))}
        </Stack>
      </Checkbox.Group>
    </>
  )
}
