import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useSignOut } from '../../ui/useSignOut'
import classes from './Me.module.css'

const WAYS = ['/me/mails', '/me/devices', '/me/security', '/me/data', '/me/disable'] as const

/** Who one is, and what one can do with the own account. */
export function Me() {
  const { t } = useTranslation(['me', 'ui'])
  const me = useQuery({ queryKey: ['me'], queryFn: () => unwrap(identity.GET('/api/identity/me')) })
  const leave = useSignOut()
  return (
    <Page title={t('title')} narrow>
      {me.isPending && <Skeleton h={72} />}
      {me.isError && <Trouble error={me.error} again={() => void me.refetch()} />}
      {me.data && (
        <div>
          <Text fw={600}>{me.data.full_name ?? me.data.login}</Text>
          <Text c="dimmed">{t('login', { login: me.data.login })}</Text>
        </div>
      )}
      <Stack component="nav" gap={0} aria-label={t('title')}>
        {WAYS.map((to) => (
          <Link key={to} to={to} className={classes.way}>
            {t(to.slice(4))}
          </Link>
        ))}
      </Stack>
      {leave.isError && <Trouble error={leave.error} />}
      <Button variant="default" w="fit-content" loading={leave.isPending} onClick={() => leave.mutate()}>
        {t('ui:signout')}
      </Button>
    </Page>
  )
}
