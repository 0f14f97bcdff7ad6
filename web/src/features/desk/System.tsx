import { Button, Code, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { type Act, ActDialog } from '../../ui/ActDialog'
import { moment } from '../../ui/dates'
import { Dialog } from '../../ui/Dialog'
import { Facts } from '../../ui/Facts'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { ChangeSystem } from './ChangeSystem'
import { State } from './State'
import { ACTS, addKey, loadSystem, removeKey, type SystemAct, type Tagged, wordOf } from './systems'

/** One city system: what it may, when it was here last, its keys, and its end. */
export function System() {
  const { t } = useTranslation('desk')
  const { system: id } = useParams({ strict: false }) as { system: string }
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['desk-system', id],
    queryFn: () => loadSystem(id),
  })
  return (
    <Page title={data?.name ?? t('system-title')} wide>
      {isPending && <Skeleton h={160} role="status" aria-label={t('system-title')} />}
      {error && <Trouble error={error} again={() => void refetch()} />}
      {data && <Standing system={data} />}
      {data && <Keys system={data} />}
    </Page>
  )
}

function Standing({ system }: { system: Tagged }) {
  const { t } = useTranslation('desk')
  const { system_id, state, scopes, contact, registered_at, last_token_at } = system
  return (
    <Facts
      facts={[
        [t('system-state'), <State key="state" of="system" state={state} />],
        [t('system-scopes'), scopes.map((scope) => t(wordOf(scope), scope)).join(', ')],
        [t('system-contact'), contact],
        ['client_id', <Code key="id">{system_id}</Code>],
        [t('system-since'), moment(registered_at)],
        [t('system-seen'), last_token_at ? moment(last_token_at) : t('system-never')],
      ]}
    />
  )
}

function Keys({ system }: { system: Tagged }) {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const mayWrite = useSession()?.roles.includes('admin') && system.state !== 'ended'
  const [act, setAct] = useState<Act | null>(null)
  const [isChanging, setChanging] = useState(false)
  const settle = () => {
    for (const key of ['desk-system', 'desk-systems']) void queries.invalidateQueries({ queryKey: [key] })
  }
  const change = (which: SystemAct, grave: boolean) =>
    setAct({
      title: t(`system-${which}`),
      text: t(`system-${which}-text`),
      fields: [{ name: 'reason', label: t('system-why') }],
      confirm: t(`system-${which}`),
      grave,
      send: ({ reason = '' }) => ACTS[which](system, reason),
    })
  const bring = () =>
    setAct({
      title: t('system-add-key'),
      fields: [{ name: 'key', label: t('system-key'), hint: t('system-key-hint') }],
      confirm: t('system-add-key'),
      send: ({ key = '' }) => addKey(system, key),
    })
  const take = (kid: string) =>
    setAct({
      title: t('system-remove-key'),
      text: t('system-remove-key-text'),
      fields: [],
      confirm: t('system-remove-key'),
      grave: true,
      send: () => removeKey(system, kid),
    })
  return (
    <>
      <Stack component="section" aria-label={t('system-keys')} gap="xs">
        <Text fw={600}>{t('system-keys')}</Text>
        {system.keys.map((kid) => (
          <Group key={kid} gap="sm">
            <Code style={{ overflowWrap: 'anywhere' }}>{kid}</Code>
            {mayWrite && system.keys.length > 1 && (
              <Button variant="subtle" color="red" onClick={() => take(kid)}>
                {t('system-remove-key')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {mayWrite && (
        <Group>
          <Button variant="default" onClick={() => setChanging(true)}>
            {t('system-change')}
          </Button>
          {system.keys.length < 2 && (
            <Button variant="light" onClick={bring}>
              {t('system-add-key')}
            </Button>
          )}
          {system.state === 'active' ? (
            <Button variant="default" onClick={() => change('suspend', false)}>
              {t('system-suspend')}
            </Button>
          ) : (
            <Button onClick={() => change('resume', false)}>{t('system-resume')}</Button>
          )}
          <Button variant="subtle" color="red" onClick={() => change('end', true)}>
            {t('system-end')}
          </Button>
        </Group>
      )}
      <Dialog title={t('system-change')} opened={isChanging} onClose={() => setChanging(false)}>
        <ChangeSystem
          key={system.version}
          system={system}
          onDone={settle}
          onClose={() => setChanging(false)}
        />
      </Dialog>
      <ActDialog act={act} onClose={() => setAct(null)} onDone={settle} />
    </>
  )
}
