import { Button, Group, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ACTS, type Filters } from './audit'

const TEXTS = ['account_id', 'by', 'ticket'] as const
const DAYS = ['since', 'until'] as const

/** Every filter narrows; they are kept in the address. */
export function AuditFilters({ filters }: { filters: Filters }) {
  const { t } = useTranslation('desk')
  const navigate = useNavigate()
  const form = useForm({
    initialValues: {
      act: filters.act ?? '',
      account_id: filters.account_id ?? '',
      by: filters.by ?? '',
      ticket: filters.ticket ?? '',
      since: filters.since ?? '',
      until: filters.until ?? '',
    },
  })
  const look = form.onSubmit((values) => {
    const given = Object.entries(values).map(([name, value]) => [name, value.trim() || undefined])
    void navigate({ to: '/desk/audit', search: Object.fromEntries(given) } as never)
  })
  return (
    <form noValidate role="search" onSubmit={look}>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} mb="md">
        <Select
          label={t('what')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('filter.any') }}
          placeholder={t('filter.any')}
          data={ACTS.map((value) => ({ value, label: t(`audit.${value}`) }))}
          {...form.getInputProps('act')}
          value={form.values.act || null}
          onChange={(act) => form.setFieldValue('act', act ?? '')}
        />
        {TEXTS.map((name) => (
          <TextInput key={name} label={t(`filter.${name}`)} {...form.getInputProps(name)} />
        ))}
        {DAYS.map((name) => (
          <TextInput key={name} type="date" label={t(`filter.${name}`)} {...form.getInputProps(name)} />
        ))}
      </SimpleGrid>
      <Group>
        <Button type="submit">{t('find')}</Button>
        <Button variant="subtle" onClick={() => void navigate({ to: '/desk/audit', search: {} } as never)}>
          {t('filter.clear')}
        </Button>
      </Group>
    </form>
  )
}
