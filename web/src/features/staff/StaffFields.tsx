import { Group, Radio, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { Values } from './fields'

/** A person's place on the roll. */
export function StaffFields({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useTranslation('staff')
  const line = (field: keyof Values) => ({ label: t(`field.${field}`), ...form.getInputProps(field) })
  return (
    <>
      <TextInput withAsterisk autoComplete="off" {...line('last_name')} />
      <TextInput withAsterisk autoComplete="off" {...line('first_name')} />
      <TextInput autoComplete="off" {...line('patronymic')} />
      <TextInput withAsterisk {...line('post')} />
      <TextInput {...line('division')} />
      <TextInput
        type="email"
        inputMode="email"
        autoComplete="off"
        description={t('email-hint')}
        {...line('email')}
      />
      <Radio.Group {...line('employment')}>
        <Group mt="xs">
          <Radio value="main" label={t('employment.main')} />
          <Radio value="part-time" label={t('employment.part-time')} />
        </Group>
      </Radio.Group>
      <TextInput type="date" w={200} {...line('since')} />
    </>
  )
}
