import { Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { Referral } from '../../api/referrals'
import { fullName } from '../names'

/** Stands for somebody who is not on the roll yet. */
export const NEW = 'new'

interface Props {
  form: UseFormReturnType<{ staff_id: string; post: string; category: string }>
  candidates: Referral['candidates']
  mayAppoint: boolean
}

/** Whose record the account will belong to. */
export function Choose({ form, candidates, mayAppoint }: Props) {
  const { t } = useTranslation('referrals')
  return (
    <>
      <Radio.Group aria-label={t('confirm-as')} {...form.getInputProps('staff_id')}>
        <Stack gap="sm">
          {candidates.map((one) => (
            <Radio
              key={one.staff_id}
              value={one.staff_id}
              label={`${fullName(one)}, ${one.post}`}
              description={[one.division, one.email ?? t('no-email')].filter(Boolean).join(' · ')}
            />
          ))}
          <Radio value={NEW} label={t('confirm-new')} description={t('confirm-new-text')} />
        </Stack>
      </Radio.Group>
      {form.values.staff_id === NEW && (
        <TextInput label={t('fields.post')} withAsterisk {...form.getInputProps('post')} />
      )}
      {form.values.staff_id === NEW && mayAppoint && (
        <Radio.Group label={t('fields.category')} {...form.getInputProps('category')}>
          <Group mt="xs">
            <Radio value="employee" label={t('as.employee')} />
            <Radio value="head" label={t('as.head')} />
          </Group>
        </Radio.Group>
      )}
      {candidates.length === 0 && <Text c="dimmed">{t('no-candidates')}</Text>}
    </>
  )
}
