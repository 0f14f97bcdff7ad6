import { Anchor, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { CardForm } from './CardForm'
import classes from './Content.module.css'
import { loadCard } from './documents'
import { PaperCounts } from './PaperCounts'
import { PaperVersions } from './PaperVersions'

/** A document to be written: its card first, then its versions. */
export function Paper() {
  const { t } = useTranslation(['content', 'ui'])
  const { document: id } = useParams({ strict: false }) as { document?: string }
  const card = useQuery({
    queryKey: ['paper', 'card', id],
    queryFn: () => loadCard(id!),
    enabled: id !== undefined,
    refetchOnWindowFocus: false, // or somebody else's edit would count as seen
  })
  return (
    <Page title={card.data?.title ?? t(id ? 'paper' : 'paper-new')}>
      <Anchor
        component={Link}
        to={'/desk/content/documents' as never}
        className={classes.back}
        mt="-md"
        w="fit-content"
      >
        ← {t('papers')}
      </Anchor>
      {id && card.isPending && (
        <Stack role="status" aria-label={t('ui:loading')}>
          <Skeleton h={96} />
          <Skeleton h={240} />
        </Stack>
      )}
      {card.isError && <Trouble error={card.error} again={() => void card.refetch()} />}
      {card.data && <PaperVersions card={card.data} />}
      {card.data && card.data.required_no !== null && <PaperCounts id={card.data.document_id} />}
      {(id === undefined || card.data) && <CardForm key={id ?? 'new'} card={card.data} />}
    </Page>
  )
}
