import { Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { fullDate } from '../../ui/dates'
import { Asked } from './Asked'
import classes from './Documents.module.css'
import { piecesOf, type Shown } from './documents'
import { Force } from './Force'

/** A document of the list, with the place where a search has found it. */
export function DocumentLine({ one }: { one: Shown }) {
  const { t } = useTranslation('documents')
  return (
    <li className={classes.item}>
      <Link to={`/documents/${one.document_id}` as never} className={classes.title}>
        {one.title}
      </Link>
      <Text size="sm" c="dimmed">
        {t('named', { kind: t(`kind.${one.kind}`), number: one.number, on: fullDate(one.issued_on) })} ·{' '}
        {one.issuer}
      </Text>
      <Group gap="xs" mt={4}>
        <Force of={one} />
        <Asked of={one} />
      </Group>
      {one.found && (
        <p className={classes.found}>
          {piecesOf(one.found).map((piece, place) =>
            place % 2 ? <mark key={place}>{piece}</mark> : <span key={place}>{piece}</span>,
          )}
        </p>
      )}
    </li>
  )
}
