import { Alert, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { fullDate } from '../../ui/dates'
import { loadDocument } from './documents'

interface Props {
  id: string
  says: 'supersedes' | 'superseded-by'
  isWarning?: boolean
}

/** The document that this one takes the place of, or that has taken its place. */
export function Other({ id, says, isWarning = false }: Props) {
  const { t } = useTranslation('documents')
  const other = useQuery({ queryKey: ['documents', 'one', id], queryFn: () => loadDocument(id) })
  const it = other.data
  const link = (
    <Text c="dark.9">
      {t(says)}{' '}
      <Link to={`/documents/${id}` as never}>
        {it
          ? t('called', {
              kind: t(`kind.${it.kind}`),
              number: it.number,
              on: fullDate(it.issued_on),
              title: it.title,
            })
          : t('one')}
      </Link>
    </Text>
  )
  if (!isWarning) return link
  return (
    <Alert color="orange" variant="light">
      {link}
    </Alert>
  )
}
