import { Button, Card, Group, Text } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { Staff } from './roll'

/** Where a person asks for access: the form, with the school chosen already. */
export function Invite({ staff }: { staff: Staff }) {
  const { t } = useTranslation('staff')
  const link = `${window.location.origin}/request?school=${staff.school_id}`
  const { copy, copied } = useClipboard({ timeout: 3_000 })
  return (
    <Card withBorder padding="md">
      <Text>{t('invite')}</Text>
      <Text ff="monospace" my="xs" style={{ overflowWrap: 'anywhere' }}>
        {link}
      </Text>
      <Group>
        <Button variant="light" onClick={() => copy(link)}>
          {t('copy')}
        </Button>
        <Text role="status">{copied ? t('copied') : ''}</Text>
      </Group>
    </Card>
  )
}
