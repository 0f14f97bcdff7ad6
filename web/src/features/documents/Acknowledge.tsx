import { Button, Card, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Due } from '../../ui/Due'
import { Trouble } from '../../ui/Trouble'
import { useAgainOnline } from '../../ui/useAgainOnline'
import { When } from '../../ui/When'
import classes from './Documents.module.css'
import { acknowledge, type Shown } from './documents'

/** The one thing to do about a document, or the evidence that it is done. */
export function Acknowledge({ document }: { document: Shown }) {
  const { t } = useTranslation('documents')
  const queries = useQueryClient()
  const { document_id, current_no, acknowledge_by, acknowledged_at, is_asked } = document
  const settle = () => {
    for (const key of ['documents', 'inbox', 'tasks']) void queries.invalidateQueries({ queryKey: [key] })
  }
  const give = useMutation({
    mutationFn: () => acknowledge(document_id, current_no!),
    onSuccess: settle,
    onError: settle, // a newer version may be out
  })
  useAgainOnline(give.error, give.mutate)
  if (!is_asked) return null
  if (acknowledged_at) {
    return (
      <Card withBorder className={classes.signed} component="section" aria-label={t('acknowledgement')}>
        <Text role="status">
          {t('signed')} <When at={acknowledged_at} />
        </Text>
      </Card>
    )
  }
  return (
    <Card withBorder className={classes.ask} component="section" aria-label={t('acknowledgement')}>
      <Title order={2} size="h4">
        {t('asked-of-you')}
      </Title>
      <Text my="xs">{t('asked-text')}</Text>
      {acknowledge_by && <Due at={acknowledge_by} />}
      {give.error && <Trouble error={give.error} />}
      <Button mt="md" w="fit-content" loading={give.isPending} onClick={() => give.mutate()}>
        {t('acknowledge')}
      </Button>
    </Card>
  )
}
