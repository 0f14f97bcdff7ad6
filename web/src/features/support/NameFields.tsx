import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** The applicant's name, as both public forms ask for it. */
export function NameFields({ form }: { form: { getInputProps: (path: string) => object } }) {
  const { t } = useTranslation('support')
  return (
    <>
      <TextInput
        label={t('last-name')}
        autoComplete="family-name"
        withAsterisk
        {...form.getInputProps('applicant.last_name')}
      />
      <TextInput
        label={t('first-name')}
        autoComplete="given-name"
        withAsterisk
        {...form.getInputProps('applicant.first_name')}
      />
      <TextInput
        label={t('patronymic')}
        description={t('patronymic-hint')}
        {...form.getInputProps('applicant.patronymic')}
      />
    </>
  )
}
