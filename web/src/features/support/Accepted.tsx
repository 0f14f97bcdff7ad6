import { Alert, Button, Card, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'

interface Props {
  kind: 'request' | 'application' | 'ticket' | 'restore'
  number: string
  tracking_code: string
}

/** Number and code: what opens the tracking page. Printable. */
export function Accepted({ kind, number, tracking_code: code }: Props) {
  const { t } = useTranslation(['support', 'ui'])
  return (
    <Page title={t(`${kind}.accepted`)} narrow>
      <Text>{t(`${kind}.accepted-text`)}</Text>
      <Card withBorder padding="lg">
        <Text c="dimmed">{t('number')}</Text>
        <Text fz="xl" fw={600} data-testid="number">
          {number}
        </Text>
        <Text c="dimmed" mt="sm">
          {t('code')}
        </Text>
        <Text fz="xl" fw={600} ff="monospace" data-testid="code">
          {code}
        </Text>
      </Card>
      <Alert color="orange" variant="light" title={t('keep-code')}>
        <Text c="dark.9">{t('keep-code-text')}</Text>
      </Alert>
      <Group>
        <Button
          component={Link}
          to="/track"
          hash={`number=${encodeURIComponent(number)}&code=${encodeURIComponent(code)}`}
        >
          {t('follow')}
        </Button>
        <Button variant="default" onClick={() => window.print()}>
          {t('ui:print')}
        </Button>
      </Group>
    </Page>
  )
}
