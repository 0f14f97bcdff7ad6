import { Anchor, Button, Checkbox, Group, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fullDate } from '../../ui/dates'
import { loadWorkplace } from '../../api/workplace'
import { Due } from '../../ui/Due'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { When } from '../../ui/When'
import { loadDocument, loadSignatures, type Signature } from './documents'
import { MatrixTable } from './MatrixTable'
import classes from './Matrix.module.css'

/** Who of the school has acknowledged a document and who has not; printed it is the sheet that people sign. */
export function Matrix() {
  const { t } = useTranslation(['documents', 'ui'])
  const { document: id } = useParams({ strict: false }) as { document: string }
  const document = useQuery({ queryKey: ['documents', 'one', id], queryFn: () => loadDocument(id) })
  const people = useQuery({ queryKey: ['documents', 'matrix', id], queryFn: () => loadSignatures(id) })
  const place = useQuery({ queryKey: ['workplace'], queryFn: loadWorkplace })
  const failed = document.error ?? people.error
  const it = document.data
  return (
    <Page title={t('matrix')} wide>
      <Anchor
        component={Link}
        to={`/documents/${id}` as never}
        className={classes.screen}
        mt="-md"
        w="fit-content"
        py={10}
      >
        ← {t('to-document')}
      </Anchor>
      {failed && <Trouble error={failed} again={() => void people.refetch()} />}
      {it && (
        <Text>
          {t('called', {
            kind: t(`kind.${it.kind}`),
            number: it.number,
            on: fullDate(it.issued_on),
            title: it.title,
          })}
          , {it.issuer}. {t('required-version', { no: it.required_no })} {place.data?.school?.short_name}
        </Text>
      )}
      {it?.acknowledge_by && <Due at={it.acknowledge_by} />}
      {people.isPending && !failed && <Skeleton h={320} role="status" aria-label={t('ui:loading')} />}
      {people.data && <People people={people.data} />}
    </Page>
  )
}

function People({ people }: { people: Signature[] }) {
  const { t } = useTranslation(['documents', 'ui'])
  const [only, setOnly] = useState(false)
  if (people.length === 0) return <Text c="dimmed">{t('matrix-empty')}</Text>
  const asked = people.filter((one) => !one.is_former)
  const done = asked.filter((one) => one.acknowledged).length
  const shown = only ? people.filter((one) => !one.acknowledged) : people
  return (
    <>
      <Text fw={600} role="status">
        {t('matrix-counts', { done, count: asked.length })}
      </Text>
      <Group justify="space-between" className={classes.screen}>
        <Checkbox
          label={t('matrix-missing')}
          checked={only}
          onChange={(event) => setOnly(event.currentTarget.checked)}
        />
        <Button variant="light" onClick={() => window.print()}>
          {t('matrix-print')}
        </Button>
      </Group>
      <MatrixTable people={shown} />
      <Text size="sm" className="only-printed">
        {t('matrix-made')} <When at={new Date().toISOString()} />
      </Text>
    </>
  )
}
