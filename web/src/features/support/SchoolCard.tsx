import { Badge, Card, Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { School } from './schools'

/** What the city publishes of a school; `children` is what one can do with it. */
export function SchoolCard({ school, children }: { school: School; children?: ReactNode }) {
  const { t } = useTranslation('support')
  return (
    <Card withBorder padding="md" component="article">
      <Group justify="space-between" align="start" wrap="nowrap" gap="sm">
        <Title order={2} size="h4">
          {school.short_name}
        </Title>
        {school.status !== 'active' && <Badge color="orange">{t(`school.${school.status}`)}</Badge>}
      </Group>
      <Text>{school.full_name}</Text>
      <Text c="dimmed">{school.address}</Text>
      <Text c="dimmed">
        {t('school.requisites', { inn: school.inn, kpp: school.kpp, ogrn: school.ogrn ?? '—' })}
      </Text>
      {children && (
        <Group mt="sm" gap="sm">
          {children}
        </Group>
      )}
    </Card>
  )
}
