import { Checkbox, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { fullName } from '../../ui/names'
import { NameFields } from './NameFields'
import type { ApplicationForm } from './application'

interface Props {
  form: ApplicationForm
}

export function RequisitesStep({ form }: Props) {
  const { t } = useTranslation('support')
  const digits = { inputMode: 'numeric' as const, autoComplete: 'off' }
  return (
    <Stack>
      <Text>{t('application.requisites-text')}</Text>
      <TextInput label={t('inn')} withAsterisk {...digits} {...form.getInputProps('school.inn')} />
      <TextInput label={t('kpp')} withAsterisk autoComplete="off" {...form.getInputProps('school.kpp')} />
      <TextInput label={t('ogrn')} withAsterisk {...digits} {...form.getInputProps('school.ogrn')} />
    </Stack>
  )
}

export function SchoolStep({ form }: Props) {
  const { t } = useTranslation('support')
  return (
    <Stack>
      <TextInput label={t('full-name')} withAsterisk {...form.getInputProps('school.full_name')} />
      <TextInput label={t('short-name')} withAsterisk {...form.getInputProps('school.short_name')} />
      <TextInput
        label={t('kind')}
        placeholder={t('kind-example')}
        withAsterisk
        {...form.getInputProps('school.kind')}
      />
      <TextInput label={t('address')} withAsterisk {...form.getInputProps('school.address')} />
      <TextInput label={t('phone')} type="tel" withAsterisk {...form.getInputProps('school.phone')} />
      <TextInput
        label={t('school-email')}
        type="email"
        withAsterisk
        {...form.getInputProps('school.email')}
      />
      <TextInput label={t('site')} {...form.getInputProps('school.site')} />
    </Stack>
  )
}

export function ApplicantStep({ form }: Props) {
  const { t } = useTranslation('support')
  return (
    <Stack>
      <NameFields form={form} />
      <TextInput label={t('post')} withAsterisk {...form.getInputProps('applicant.post')} />
      <TextInput
        label={t('email')}
        type="email"
        autoComplete="email"
        withAsterisk
        {...form.getInputProps('applicant.email')}
      />
      <TextInput
        label={t('phone')}
        type="tel"
        autoComplete="tel"
        {...form.getInputProps('applicant.phone')}
      />
      <Radio.Group label={t('application.ground')} {...form.getInputProps('applicant.ground')}>
        <Group mt="xs">
          <Radio value="head" label={t('application.ground-head')} />
          <Radio value="authorised" label={t('application.ground-authorised')} />
        </Group>
      </Radio.Group>
      {form.values.applicant.ground === 'authorised' && (
        <TextInput
          label={t('application.order')}
          withAsterisk
          {...form.getInputProps('applicant.order_no')}
        />
      )}
    </Stack>
  )
}

const SHOWN = ['full_name', 'short_name', 'inn', 'kpp', 'ogrn', 'address', 'phone', 'email'] as const
const LABELS: Record<(typeof SHOWN)[number], string> = {
  full_name: 'full-name',
  short_name: 'short-name',
  inn: 'inn',
  kpp: 'kpp',
  ogrn: 'ogrn',
  address: 'address',
  phone: 'phone',
  email: 'school-email',
}

export function ReviewStep({ form }: Props) {
  const { t } = useTranslation('support')
  const { school, applicant } = form.values
  return (
    <Stack>
      <Text>{t('application.review-text')}</Text>
      <dl style={{ margin: 0 }}>
        {SHOWN.map((field) => (
          <div key={field}>
            <Text component="dt" c="dimmed">
              {t(LABELS[field])}
            </Text>
            <Text component="dd" m={0} mb="xs">
              {school[field]}
            </Text>
          </div>
        ))}
        <Text component="dt" c="dimmed">
          {t('application.applicant')}
        </Text>
        <Text component="dd" m={0}>
          {fullName(applicant)}, {applicant.post}, {applicant.email}
        </Text>
      </dl>
      <Checkbox label={t('consent')} {...form.getInputProps('consent', { type: 'checkbox' })} />
    </Stack>
  )
}
