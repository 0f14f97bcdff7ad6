import { Group, List, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { Trouble } from '../../ui/Trouble'
import { State } from './State'

/** Why this person cannot sign in: the questions in their order, and what to do. */
export function SignInCard({ accountId }: { accountId: string }) {
  const { t } = useTranslation('desk')
  const card = useQuery({
    queryKey: ['sign-in-card', accountId, i18next.language],
    queryFn: () =>
      unwrap(
        identity.GET('/api/identity/accounts/{account_id}/sign-in-card', {
          params: { path: { account_id: accountId } },
        }),
      ),
  })
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t('card')}
      </Title>
      {card.isPending && <Skeleton h={160} />}
      {card.isError && <Trouble error={card.error} again={() => void card.refetch()} />}
      <List listStyleType="none" spacing="sm">
        {card.data?.checks.map(({ check, verdict, remedy }) => (
          <List.Item key={check}>
            <Group gap="xs">
              <State of="verdict" state={verdict} />
              <Text fw={600}>{t(`card-${check}`, check)}</Text>
            </Group>
            <Text>{remedy}</Text>
          </List.Item>
        ))}
      </List>
    </Stack>
  )
}
