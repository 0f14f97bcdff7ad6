import { Badge, Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { moment } from '../../ui/dates'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { deviceName } from './deviceName'

const KEY = ['devices']

/** Where one is signed in, until when in truth, and signing out there. */
export function Devices() {
  const { t } = useTranslation('me')
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: KEY })
  const devices = useQuery({ queryKey: KEY, queryFn: () => unwrap(identity.GET('/api/identity/sessions')) })
  const end = useMutation({
    mutationFn: (session_id: string) =>
      unwrap(identity.DELETE('/api/identity/sessions/{session_id}', { params: { path: { session_id } } })),
    onSuccess: settle,
  })
  const endOthers = useMutation({
    mutationFn: () =>
      unwrap(identity.DELETE('/api/identity/sessions', { params: { query: { others: 'true' } } })),
    onSuccess: settle,
  })
  const failed = devices.error ?? end.error ?? endOthers.error
  const items = devices.data?.items ?? []
  return (
    <Page title={t('devices')} narrow>
      {failed && <Trouble error={failed} again={() => void devices.refetch()} />}
      {devices.isPending && <Skeleton h={120} />}
      <Stack gap="sm">
        {items.map((one) => (
          <Card key={one.session_id} withBorder padding="md" component="article">
            <Group justify="space-between" align="start">
              <div>
                <Text fw={600}>{deviceName(one.device) ?? t('device-unknown')}</Text>
                <Text size="sm" c="dimmed">
                  {t('device-seen', { at: moment(one.last_seen_at), until: moment(one.expires_at) })}
                </Text>
              </div>
              {one.current ? (
                <Badge color="green">{t('device-this')}</Badge>
              ) : (
                <Button variant="light" loading={end.isPending} onClick={() => end.mutate(one.session_id)}>
                  {t('device-end')}
                </Button>
              )}
            </Group>
          </Card>
        ))}
      </Stack>
      {items.length > 1 && (
        <Button
          variant="default"
          w="fit-content"
          loading={endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          {t('device-end-others')}
        </Button>
      )}
    </Page>
  )
}
