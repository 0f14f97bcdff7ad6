import { Alert, Button, List, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { moment } from '../../ui/dates'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { type Erasure, loadErasure } from './accounts'

const LOOK_AGAIN = 5_000 // milliseconds

/** Who has erased what, who has not answered, and the act to be printed once everybody has. */
export function ErasureState({ id }: { id: string }) {
  const { t } = useTranslation('desk')
  const erasure = useQuery({
    queryKey: ['desk-erasure', id],
    queryFn: () => loadErasure(id),
    refetchInterval: ({ state }) => (state.data?.own ? false : LOOK_AGAIN),
  })
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h4">
        {t('erasure')}
      </Title>
      {erasure.isPending && <Skeleton h={96} />}
      {erasure.isError && <Trouble error={erasure.error} again={() => void erasure.refetch()} />}
      {erasure.data && <Content id={id} erasure={erasure.data} />}
    </Stack>
  )
}

function Content({ id, erasure }: { id: string; erasure: Erasure }) {
  const { t } = useTranslation('desk')
  const save = useMutation({
    mutationFn: () => download(`/api/identity/accounts/${id}/erasure.html`, `erasure-${id}.html`),
  })
  const { missing, own, receipts } = erasure
  return (
    <>
      {missing.length > 0 && (
        <Alert color="orange" variant="light" title={t('erasure-waits')}>
          <List c="dark.9">
            {missing.map((service) => (
              <List.Item key={service}>{t(`service.${service}`, service)}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {receipts.length > 0 && (
        <Records
          caption={t('erasure-caption')}
          rows={own ? [...receipts, own] : receipts}
          keyOf={({ service }) => service}
          columns={[
            { name: t('where'), cell: ({ service }) => t(`service.${service}`, service) },
            {
              name: t('erased-what'),
              cell: ({ counts }) =>
                Object.entries(counts)
                  .map(([kind, count]) => `${t(`erased.${kind}`, kind)}: ${count}`)
                  .join(', ') || t('nothing'),
            },
            { name: t('when'), cell: ({ erased_at }) => moment(erased_at) },
          ]}
        />
      )}
      {own ? (
        <Button variant="light" w="fit-content" loading={save.isPending} onClick={() => save.mutate()}>
          {t('erasure-act')}
        </Button>
      ) : (
        <Text c="dimmed">{t('erasure-act-later')}</Text>
      )}
      {save.isError && <Trouble error={save.error} />}
    </>
  )
}
