import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { date, moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useListing } from '../../ui/useListing'
import { approve, type Deed, loadDeeds, refuse } from './accounts'
import { Facts } from '../../ui/Facts'

const LOOK_AGAIN = 15_000 // milliseconds

/** Acts that wait for a second person: not the one who asked. */
export function Deeds() {
  const { t } = useTranslation('desk')
  const listed = useListing(['desk-deeds'], loadDeeds, LOOK_AGAIN)
  return (
    <Page title={t('section.deeds')}>
      <Text>{t('deeds-text')}</Text>
      <Listing listed={listed} empty={t('deeds-empty')}>
        {(items) => (
          <Stack>
            {items.map((deed) => (
              <One key={deed.deed_id} deed={deed} />
            ))}
          </Stack>
        )}
      </Listing>
    </Page>
  )
}

function One({ deed }: { deed: Deed }) {
  const { t } = useTranslation('desk')
  const session = useSession()
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: ['desk-deeds'] })
  const agree = useMutation({ mutationFn: () => approve(deed.deed_id), onSuccess: settle })
  const object = useMutation({ mutationFn: () => refuse(deed.deed_id), onSuccess: settle })
  const failed = agree.error ?? object.error
  const isOwn = deed.asked_by === session?.accountId
  const mayDecide = session?.roles.some((role) => role === 'support' || role === 'admin')
  return (
    <Card withBorder padding="md" component="article" aria-label={t(`audit.${deed.act}`)}>
      <Stack gap="sm">
        <Text fw={600}>{t(`audit.${deed.act}`)}</Text>
        <Facts
          facts={[
            [t('reason'), deed.reason],
            [t('checked'), deed.proof && t(`check.${deed.proof}`, deed.proof)],
            [t('new-email'), deed.email],
            [
              t('ticket-number'),
              deed.ticket && <Link to={`/desk/tickets/${deed.ticket}` as never}>{deed.ticket}</Link>,
            ],
            [
              t('account.one'),
              <Link key="account" to={`/desk/accounts/${deed.account_id}` as never}>
                {t('account.open')}
              </Link>,
            ],
            [t('asked-at'), moment(deed.asked_at)],
            [t('waits-until'), date(deed.expires_at)],
          ]}
        />
        {failed && <Trouble error={failed} />}
        {isOwn && <Text c="dimmed">{t('deed-own')}</Text>}
        {mayDecide && (
          <Group>
            {!isOwn && (
              <Button loading={agree.isPending} onClick={() => agree.mutate()}>
                {t('deed-approve')}
              </Button>
            )}
            <Button variant="default" loading={object.isPending} onClick={() => object.mutate()}>
              {t('deed-refuse')}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  )
}
