import { Anchor, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { fullDate } from '../../ui/dates'
import { Facts } from '../../ui/Facts'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { Acknowledge } from './Acknowledge'
import { DocumentText } from './DocumentText'
import classes from './Documents.module.css'
import { loadDocument, type Shown } from './documents'
import { Force } from './Force'
import { Other } from './Other'
import { Versions } from './Versions'

/** A document: what it is, whether it binds, what one has to do about it, its versions and its text. */
export function Document() {
  const { t } = useTranslation(['documents', 'ui'])
  const { document: id } = useParams({ strict: false }) as { document: string }
  const document = useQuery({ queryKey: ['documents', 'one', id], queryFn: () => loadDocument(id) })
  return (
    <Page title={document.data?.title ?? t('one')}>
      <Anchor component={Link} to="/documents" className={classes.back} mt="-md" w="fit-content">
        ← {t('title')}
      </Anchor>
      {document.isPending && (
        <Stack role="status" aria-label={t('ui:loading')}>
          <Skeleton h={28} w={160} />
          <Skeleton h={96} />
          <Skeleton h={160} />
        </Stack>
      )}
      {document.isError && <Trouble error={document.error} again={() => void document.refetch()} />}
      {document.data && <Content key={id} document={document.data} />}
    </Page>
  )
}

function Content({ document }: { document: Shown }) {
  const { t } = useTranslation(['documents', 'ui'])
  const { document_id: id, superseded_by, supersedes } = document
  const isHead = useSession()?.category === 'head'
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <Force of={document} />
      </Group>
      {superseded_by && <Other id={superseded_by} says="superseded-by" isWarning />}
      <Acknowledge document={document} />
      <Facts
        facts={[
          [t('kind-label'), t(`kind.${document.kind}`)],
          [t('number'), document.number],
          [t('issued'), fullDate(document.issued_on)],
          [t('issuer'), document.issuer],
          [t('from'), fullDate(document.in_force_from)],
          [t('to'), document.in_force_to && fullDate(document.in_force_to)],
          [t('specialties'), document.specialties.join(', ')],
        ]}
      />
      {supersedes && <Other id={supersedes} says="supersedes" />}
      <Group className={classes.tools}>
        {isHead && document.required_no !== null && (
          <Button component={Link} to={`/documents/${id}/acknowledgements` as never} variant="light">
            {t('matrix')}
          </Button>
        )}
        <Button variant="default" onClick={() => window.print()}>
          {t('ui:print')}
        </Button>
      </Group>
      <Versions document={document} />
      {document.current_no !== null && <DocumentText id={id} no={document.current_no} />}
      <Text className="only-printed" size="sm">
        {t('printed')}
      </Text>
    </Stack>
  )
}
